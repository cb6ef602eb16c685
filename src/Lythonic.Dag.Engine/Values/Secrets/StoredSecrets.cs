using System.Text.Json;

namespace Lythonic.Dag.Values;

/// <summary>Finds the places of secrets in stored values. What a snapshot says of a live object's properties is no value, and is not searched.</summary>
internal static class StoredSecrets
{
    /// <summary>What the stored form of every secret has in it.</summary>
    public const string Mark = $"\"{ValueTags.Type}\":\"{ValueTags.Secret}\"";

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = (3 * ValueTags.MaximumDepth) + 64 };

    /// <summary>The type of the first secret in a stored value, such as <c>SecureString</c>; <see langword="null"/> where there is none.</summary>
    /// <param name="json">The value as the codec wrote it.</param>
    public static string? Find(string json)
    {
        // Few values have the mark, and in those that have it may be a text or a key of the user's.
        if (!json.Contains(Mark, StringComparison.Ordinal))
            return null;
        using var document = JsonDocument.Parse(json, Options);
        return Find(document.RootElement);
    }

    private static string? Find(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().Select(Find).FirstOrDefault(secret => secret is not null),
        JsonValueKind.Object => TagOf(element) is { } tag ? FindTagged(element, tag) : FindMember(element),
        _ => null,
    };

    private static string? FindTagged(JsonElement element, string tag)
    {
        if (tag == ValueTags.Secret)
            return element.TryGetProperty(ValueTags.Of, out var of) ? of.GetString() : tag;
        foreach (var member in element.EnumerateObject())
        {
            if (tag == ValueTags.Snapshot && member.NameEquals(ValueTags.Value))
                continue;
            // The content of a tag is never tagged itself: a key of its members may look like a tag.
            var found = member.NameEquals(ValueTags.Value) && member.Value.ValueKind == JsonValueKind.Object ? FindMember(member.Value) : Find(member.Value);
            if (found is not null)
                return found;
        }

        return null;
    }

    private static string? FindMember(JsonElement element) =>
        element.EnumerateObject().Select(member => Find(member.Value)).FirstOrDefault(secret => secret is not null);

    private static string? TagOf(JsonElement element)
    {
        foreach (var first in element.EnumerateObject())
            return first.NameEquals(ValueTags.Type) && first.Value.ValueKind == JsonValueKind.String ? first.Value.GetString() : null;
        return null;
    }
}
