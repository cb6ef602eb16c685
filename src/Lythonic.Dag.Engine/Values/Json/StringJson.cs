using System.Runtime.InteropServices;
using System.Text.Json;

namespace Lythonic.Dag.Values;

/// <summary>A text as JSON: a string, or <c>{"utf16":"…"}</c> in base64 where a surrogate lacks its other half.</summary>
internal static class StringJson
{
    public const string Utf16 = "utf16";

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

    public static string Read(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
            return element.GetString()!;
        return new string(MemoryMarshal.Cast<byte, char>(element.GetProperty(Utf16).GetBytesFromBase64()));
    }
}
