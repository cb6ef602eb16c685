using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Lythonic.Dag.Values;

/// <summary>
/// Stores values as JSON that people and SQLite's JSON functions can read, and brings them back as what they were. Thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// Without a tag: <see langword="null"/>, booleans, strings, <see cref="int"/> (a number without a point), <see cref="double"/>
/// (a number with a point or an exponent), <c>object[]</c> (an array), and the host's property bag (an object: a <c>PSCustomObject</c> in
/// PowerShell, because that is what scripts emit most; an ordered dictionary if there is no host). All else is an object whose first
/// member is <c>$type</c>, such as <c>{"$type":"long","value":5}</c>, <c>{"$type":"hashtable","value":{"a":1}}</c> or
/// <c>{"$type":"list&lt;guid&gt;","value":["…"]}</c>; inside a collection of one type its elements need none.
/// </para>
/// <para>
/// Live objects become <c>{"$type":"snapshot","of":"Full.Type.Name","text":"…","value":{…}}</c>, cycles and live objects too deep in others
/// <c>{"$type":"truncated",…}</c>, secrets <c>{"$type":"secret","of":"SecureString"}</c>.
/// </para>
/// </remarks>
internal sealed class JsonValueCodec : IValueCodec
{
    /// <summary>
    /// The longest text that a value may have by default, in bytes: somewhat less than SQLite's own limit.
    /// </summary>
    public const int DefaultMaximumLength = 900_000_000;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = ValueTags.MaximumJsonDepth };

    private readonly IValueAdapter? _adapter;
    private readonly int _maximumLength;
    private readonly StoredTypes _types;
    private ValueWriter? _spare;

    /// <summary>Makes a codec.</summary>
    /// <param name="adapter">What the host language adds, or <see langword="null"/>.</param>
    /// <param name="maximumLength">The longest text that a value may have, in bytes.</param>
    public JsonValueCodec(IValueAdapter? adapter = null, int maximumLength = DefaultMaximumLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumLength);
        _adapter = adapter;
        _maximumLength = maximumLength;
        _types = new StoredTypes(adapter);
    }

    /// <inheritdoc/>
    public EncodedValue Encode(object? value, Type? declared = null)
    {
        switch (value)
        {
            case null: return new EncodedValue("null");
            case bool flag: return new EncodedValue(flag ? "true" : "false");
            case int number: return new EncodedValue(number.ToString(CultureInfo.InvariantCulture));
            case string { Length: < EncodedValue.Large } text when text.Length < _maximumLength - 1 && JsonTextWriter.IsClean(text):
                return new EncodedValue(string.Concat("\"", text, "\""));
        }

        var writer = Interlocked.Exchange(ref _spare, null) ?? new ValueWriter(_types, _adapter, _maximumLength);
        var encoded = writer.WriteAll(value, declared);
        Volatile.Write(ref _spare, writer);
        return encoded;
    }

    /// <inheritdoc/>
    public RestoredValue Restore(string json, Type? declared = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        return TryReadPlain(json, out var plain)
            ? new(plain, ValueFacts.None)
            : Read(() => JsonDocument.Parse(json, Options), declared);
    }

    /// <inheritdoc/>
    public RestoredValue Restore(ReadOnlyMemory<byte> json, Type? declared = null) =>
        // A short text is read fastest as a string. A long one would take too much memory as UTF-16.
        json.Length <= EncodedValue.Large ? Restore(Encoding.UTF8.GetString(json.Span), declared)
        : Utf8String.TryRead(json) is { } text ? new(text, ValueFacts.None)
        : Read(() => JsonDocument.Parse(json, Options), declared);

    /// <inheritdoc/>
    public RestoredValue Restore(JsonElement json, Type? declared = null) => Guarded(() => Read(json, declared));

    private RestoredValue Read(Func<JsonDocument> parse, Type? declared) =>
        Guarded(() =>
        {
            using var document = parse();
            return Read(document.RootElement, declared);
        });

    private RestoredValue Read(JsonElement json, Type? declared)
    {
        var reader = new ValueReader(_types, _adapter);
        var value = reader.Read(json, declared);
        return new(value, reader.Facts);
    }

    private static RestoredValue Guarded(Func<RestoredValue> read)
    {
        try
        {
            return read();
        }
        catch (JsonException fault)
        {
            throw ValueReader.Fault($"A stored value is not JSON: {fault.Message}", null, fault);
        }
        catch (Exception fault) when (fault is not DagException)
        {
            var cause = fault is TargetInvocationException { InnerException: { } inside } ? inside : fault;
            throw ValueReader.Fault($"A stored value cannot be restored: {cause.Message}", null, fault);
        }
    }

    /// <inheritdoc/>
    public object? Decode(string json, Type? declared = null) => Restore(json, declared).Value;

    private static bool TryReadPlain(string json, out object? value)
    {
        value = json switch
        {
            "true" => true,
            "false" => false,
            [>= '1' and <= '9', ..] or ['-', >= '1' and <= '9', ..] or "0"
                when int.TryParse(json, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
            ['"', .., '"'] when JsonTextWriter.IsClean(json.AsSpan(1, json.Length - 2)) => json[1..^1],
            _ => null,
        };
        return value is not null || json == "null";
    }
}
