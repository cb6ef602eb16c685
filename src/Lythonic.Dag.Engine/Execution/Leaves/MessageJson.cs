using System.Text.Json;

namespace Lythonic.Dag.Execution;

/// <summary>The messages of a node, as a JSON array of <c>{"stream","text","time"}</c>.</summary>
internal static class MessageJson
{
    /// <summary>Writes messages; <see langword="null"/> for none.</summary>
    public static string? Write(IReadOnlyList<NodeMessage> messages) =>
        messages.Count == 0
            ? null
            : JsonSerializer.Serialize(
                messages.Select(message => new { stream = message.Stream, text = message.Text, time = message.Time }));

    /// <summary>Reads messages; malformed ones are left out.</summary>
    public static IReadOnlyList<NodeMessage> Read(string? json)
    {
        if (json is null)
            return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateArray().Select(message => new NodeMessage(
                message.GetProperty("stream").GetString() ?? "",
                message.GetProperty("text").GetString() ?? "",
                message.GetProperty("time").GetDateTimeOffset()))];
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return [];
        }
    }
}
