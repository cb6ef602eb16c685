using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Export;

/// <summary>Stored values as text for people. A page has a limited total size: later values are cut shorter.</summary>
internal sealed class PayloadPreview
{
    private const int MostOfOne = 20_000;
    private const int LeastOfOne = 200;
    private const int MostOfAll = 8_000_000;

    // If a value is far longer than the room that is left, formatting it is wasted work: only a part of it will be shown.
    private const int TimesToIndent = 10;

    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 1_000,
    };

    private int _left = MostOfAll;

    private int Room => Math.Clamp(_left, LeastOfOne, MostOfOne);

    /// <summary>A value as text, cut if it is long; if it cannot be read, the reason.</summary>
    /// <param name="read">Reads the value's JSON, or <see langword="null"/> for none.</param>
    public string Read(Func<string?> read)
    {
        try
        {
            return read() is { } json ? Cut(Readable(json)) : "";
        }
        catch (Exception error) when (error is DagException or Values.ValueNotStorableException)
        {
            return error.Message;
        }
    }

    /// <summary>A text, cut if it is long.</summary>
    public string Cut(string text)
    {
        var most = Room;
        var shown = text.Length <= most ? text
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{TextCut.Head(text, most)}… and {text.Length - most:N0} more characters");
        _left = Math.Max(0, _left - shown.Length);
        return shown;
    }

    // A string of several lines is easier to read as it is; everything else is shown as indented JSON.
    private string Readable(string json)
    {
        if (json.Length > TimesToIndent * Room)
            return json;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Indented.MaxDepth });
            if (document.RootElement.ValueKind == JsonValueKind.String
                && document.RootElement.GetString() is { } text
                && text.Contains('\n', StringComparison.Ordinal))
                return text;
            using var indented = new MemoryStream();
            using (var writer = new Utf8JsonWriter(indented, Indented))
                document.RootElement.WriteTo(writer);
            return System.Text.Encoding.UTF8.GetString(indented.ToArray());
        }
        catch (JsonException)
        {
            return json;
        }
    }
}
