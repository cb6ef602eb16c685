using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lythonic.Dag.Values;

/// <summary>A text as JSON: a string, or <c>{"utf16":"…"}</c> in base64 if a surrogate lacks its other half.</summary>
internal static class StringJson
{
    /// <summary>The name of the member that holds the text in base64.</summary>
    public const string Utf16 = "utf16";

    /// <summary>A name, such as that of a parameter, as a JSON string.</summary>
    public static string Name(string name) => string.Concat("\"", JavaScriptEncoder.Default.Encode(name), "\"");

    /// <summary>Writes a text.</summary>
    public static void Write(JsonTextWriter json, string text)
    {
        if (JsonTextWriter.IsWellFormed(text))
        {
            json.Quoted(text);
            return;
        }

        json.Raw("{\"utf16\":\"");
        json.Raw(Convert.ToBase64String(MemoryMarshal.AsBytes(text.AsSpan())));
        json.Raw("\"}");
    }

    /// <summary>Reads a text.</summary>
    public static string Read(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
            return element.GetString()!;
        return new string(MemoryMarshal.Cast<byte, char>(element.GetProperty(Utf16).GetBytesFromBase64()));
    }
}
