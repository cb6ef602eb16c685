using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;

namespace Lythonic.Dag.Values;

/// <summary>The table of tags and of the types that they may create. The names of collections are made of these.</summary>
internal static class FixedScalars
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public static IReadOnlyList<StoredScalar> All { get; } =
    [
        new StoredScalar<bool>("bool", (json, value) => json.Raw(value ? "true" : "false"), element => element.GetBoolean()),
        new TextScalar<string>("string", value => value, text => text),
        new StoredScalar<char>("char", WriteChar, ReadChar),
        new StoredScalar<sbyte>("sbyte", (json, value) => json.Number(value), element => element.GetSByte()),
        new StoredScalar<byte>("byte", (json, value) => json.Number(value), element => element.GetByte()),
        new StoredScalar<short>("short", (json, value) => json.Number(value), element => element.GetInt16()),
        new StoredScalar<ushort>("ushort", (json, value) => json.Number(value), element => element.GetUInt16()),
        new StoredScalar<int>("int", (json, value) => json.Number(value), element => element.GetInt32()),
        new StoredScalar<uint>("uint", (json, value) => json.Number(value), element => element.GetUInt32()),
        new StoredScalar<long>("long", (json, value) => json.Number(value), element => element.GetInt64()),
        new StoredScalar<ulong>("ulong", (json, value) => json.Number(value), element => element.GetUInt64()),
        new StoredScalar<nint>("nint", (json, value) => json.Number(value), element => checked((nint)element.GetInt64())),
        new StoredScalar<nuint>("nuint", (json, value) => json.Number(value), element => checked((nuint)element.GetUInt64())),
        new StoredScalar<decimal>(
            "decimal", WriteDecimal, element => decimal.Parse(element.GetRawText(), NumberStyles.Float, Invariant)),
        new StoredScalar<double>("double", WriteDouble, element => ReadFloating<double>(element)),
        new StoredScalar<float>("float", WriteFloating, element => ReadFloating<float>(element)),
        new StoredScalar<Half>("half", WriteFloating, element => ReadFloating<Half>(element)),
        new TextScalar<Int128>("int128", value => value.ToString(Invariant), text => Int128.Parse(text, Invariant)),
        new TextScalar<UInt128>("uint128", value => value.ToString(Invariant), text => UInt128.Parse(text, Invariant)),
        new TextScalar<BigInteger>("bigint", value => value.ToString(Invariant), text => BigInteger.Parse(text, Invariant)),
        new TextScalar<DateTime>("datetime", value => value.ToString("o", Invariant), ReadDateTime),
        new TextScalar<DateTimeOffset>(
            "datetimeoffset", value => value.ToString("o", Invariant),
            text => DateTimeOffset.ParseExact(text, "o", Invariant)),
        new TextScalar<DateOnly>("date", value => value.ToString("o", Invariant), text => DateOnly.ParseExact(text, "o", Invariant)),
        new TextScalar<TimeOnly>("time", value => value.ToString("o", Invariant), text => TimeOnly.ParseExact(text, "o", Invariant)),
        new TextScalar<TimeSpan>("timespan", value => value.ToString("c", Invariant), text => TimeSpan.ParseExact(text, "c", Invariant)),
        new TextScalar<Guid>("guid", value => value.ToString("D"), Guid.Parse),
        new TextScalar<Version>("version", value => value.ToString(), Version.Parse),
        new StoredScalar<Uri>("uri", WriteUri, ReadUri),
        new TextScalar<IPAddress>("ipaddress", value => value.ToString(), IPAddress.Parse),
        // Make a new array for each empty one. The framework's shared empty array would make two keys of a dictionary the same.
        new StoredScalar<byte[]>(
            "byte[]", WriteBytes, element => element.GetBytesFromBase64() is { Length: > 0 } bytes ? bytes : NewEmpty()),
        new TextScalar<FileInfo>("file", value => value.FullName, text => new FileInfo(text)),
        new TextScalar<DirectoryInfo>("directory", value => value.FullName, text => new DirectoryInfo(text)),
        new StoredScalar<XmlDocument>("xml", WriteXml, ReadXml),
        new StoredScalar<Regex>("regex", WriteRegex, ReadRegex),
        new TextScalar<CultureInfo>("culture", value => value.Name, CultureInfo.GetCultureInfo),
        new StoredScalar<DBNull>("dbnull", (json, _) => json.Quoted("DBNull"), _ => DBNull.Value),
    ];

    private static void WriteChar(JsonTextWriter json, char value)
    {
        if (char.IsSurrogate(value))
            json.Number((int)value);
        else
            json.Quoted([value]);
    }

    private static char ReadChar(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number ? (char)element.GetUInt16() : char.Parse(element.GetString()!);

    // The text of a decimal has no sign if it is zero.
    private static void WriteDecimal(JsonTextWriter json, decimal value)
    {
        if (value == 0 && decimal.IsNegative(value))
            json.Raw('-');
        json.Number(value);
    }

    private static void WriteDouble(JsonTextWriter json, double value)
    {
        if (double.IsFinite(value))
            json.Double(value);
        else
            json.Quoted(value.ToString(Invariant));
    }

    private static void WriteFloating<T>(JsonTextWriter json, T value)
        where T : INumberBase<T>
    {
        if (T.IsFinite(value))
            json.Number(value);
        else
            json.Quoted(value.ToString(null, Invariant));
    }

    private static T ReadFloating<T>(JsonElement element)
        where T : INumberBase<T> =>
        T.Parse(element.ValueKind == JsonValueKind.Number ? element.GetRawText() : element.GetString()!, NumberStyles.Float, Invariant);

    private static DateTime ReadDateTime(string text) =>
        DateTime.ParseExact(text, "o", Invariant, DateTimeStyles.RoundtripKind);

    private static void WriteBytes(JsonTextWriter json, byte[] value)
    {
        json.Raw('"');
        json.Raw(Convert.ToBase64String(value));
        json.Raw('"');
    }

    // A relative path such as "/a" would read back as an absolute file address on Unix, so it says what it is.
    private static void WriteUri(JsonTextWriter json, Uri value)
    {
        if (value.IsAbsoluteUri)
        {
            StringJson.Write(json, value.OriginalString);
            return;
        }

        json.Raw("{\"relative\":");
        StringJson.Write(json, value.OriginalString);
        json.Raw('}');
    }

    private static Uri ReadUri(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("relative", out var relative)
            ? new Uri(StringJson.Read(relative), UriKind.Relative)
            : new Uri(StringJson.Read(element), UriKind.Absolute);

    // Whether a document keeps white space also decides how it is saved: without it, saving adds line breaks and indents.
    private static void WriteXml(JsonTextWriter json, XmlDocument value)
    {
        if (!value.PreserveWhitespace)
        {
            StringJson.Write(json, value.OuterXml);
            return;
        }

        json.Raw("{\"preserveWhitespace\":true,\"text\":");
        StringJson.Write(json, value.OuterXml);
        json.Raw('}');
    }

    private static XmlDocument ReadXml(JsonElement element)
    {
        var keeps = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("preserveWhitespace", out _);
        var document = ReadXml(StringJson.Read(keeps ? element.GetProperty("text") : element));
        document.PreserveWhitespace = keeps;
        return document;
    }

    // No resolver and few entities: a stored document reads nothing from outside and stays as small as its text.
    private static XmlDocument ReadXml(string text)
    {
        var document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        if (text.Length == 0)
            return document;
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Parse,
            XmlResolver = null,
            MaxCharactersFromEntities = 1_000_000,
            CheckCharacters = false,
        };
        using var bounded = XmlReader.Create(new StringReader(text), settings);
        document.Load(bounded);
        if (document.DocumentType is null)
            return document;
        // The first reading has checked that there are few entities. This one keeps them as references, as they were.
        using var reader = new XmlTextReader(new StringReader(text))
        {
            EntityHandling = EntityHandling.ExpandCharEntities,
            XmlResolver = null,
        };
        document.Load(reader);
        return document;
    }

    private static void WriteRegex(JsonTextWriter json, Regex value)
    {
        json.Raw("{\"pattern\":");
        StringJson.Write(json, value.ToString());
        json.Raw(",\"options\":");
        json.Number((int)value.Options);
        if (value.MatchTimeout != Regex.InfiniteMatchTimeout)
        {
            json.Raw(",\"timeout\":");
            json.Quoted(value.MatchTimeout.ToString("c", Invariant));
        }

        json.Raw('}');
    }

    private static Regex ReadRegex(JsonElement element)
    {
        var pattern = StringJson.Read(element.GetProperty("pattern"));
        var options = (RegexOptions)element.GetProperty("options").GetInt32();
        var timeout = element.TryGetProperty("timeout", out var text)
            ? TimeSpan.ParseExact(text.GetString()!, "c", Invariant)
            : Regex.InfiniteMatchTimeout;
        return new Regex(pattern, options, timeout);
    }

#pragma warning disable CA1825 // The shared empty array would make one of two: what comes back is an array of its own, and may be a key.
    private static byte[] NewEmpty() => new byte[0];
#pragma warning restore CA1825
}
