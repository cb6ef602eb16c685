using System.Collections.Specialized;
using System.Numerics;
using System.Text.Json;

namespace Lythonic.Dag.Values;

/// <summary>
/// Reads stored values. Creates types of the fixed list, and plain objects of declared types. Reads one value, and knows then what of it
/// was not stored.
/// </summary>
internal sealed class ValueReader
{
    private readonly StoredTypes _types;
    private readonly IValueAdapter? _adapter;
    private readonly CollectionReader _collections;
    private bool _hasSnapshot;
    private string? _secret;
    private int _cuts;
    private int _inProperties;

    public ValueReader(StoredTypes types, IValueAdapter? adapter)
    {
        _types = types;
        _adapter = adapter;
        _collections = new CollectionReader(this);
    }

    /// <summary>What of the value is not as it was.</summary>
    public ValueFacts Facts => _hasSnapshot || _secret is not null || _cuts > 0 ? new(_hasSnapshot, _secret, _cuts, null) : ValueFacts.None;

    /// <summary>The error of a text or a tag that is not the codec's own.</summary>
    public static DagException Fault(string message, string? tag = null, Exception? inner = null) =>
        new(DagErrorId.DagValueNotRestorable, message, tag, "Run the node again, or give the value as source input.", inner);

    /// <summary>Reads a value that says itself what it is.</summary>
    public object? Read(JsonElement element, Type? declared)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String: return element.GetString();
            case JsonValueKind.Number: return ReadNumber(element);
            case JsonValueKind.True: return true;
            case JsonValueKind.False: return false;
            case JsonValueKind.Array or JsonValueKind.Object: return ReadNested(element, declared);
            default: return null;
        }
    }

    private object? ReadNested(JsonElement element, Type? declared)
    {
        if (!DeepStack.HasRoom)
        {
            object? read = null;
            DeepStack.Run(() => read = ReadNested(element, declared));
            return read;
        }

        if (element.ValueKind == JsonValueKind.Array)
            return _collections.ReadObjects(element, CollectionTypes.EnumerableElementType(declared) ?? typeof(object));
        return TagOf(element) is { } tag ? ReadTagged(element, tag, declared) : MakeObject(element, declared, null, null);
    }

    /// <summary>Reads a value whose place has a known type.</summary>
    public object? ReadElement(JsonElement element, Type target)
    {
        if (target == typeof(object))
            return Read(element, null);
        var inner = Nullable.GetUnderlyingType(target) ?? target;
        if (element.ValueKind == JsonValueKind.Null)
        {
            return target.IsValueType && inner == target ? throw Fault($"A stored null cannot be a {target}.") : null;
        }

        object? value;
        if (element.ValueKind == JsonValueKind.Object && TagOf(element) is { } tag)
            value = ReadTagged(element, tag, inner);
        else if (_types.ScalarOf(inner) is { } scalar)
            value = scalar.Read(element);
        else if (inner.IsEnum && element.ValueKind == JsonValueKind.String)
            value = Enum.Parse(inner, element.GetString()!);
        else if (element.ValueKind == JsonValueKind.Array && _types.FormOf(inner) is { OriginalTypeName: null, IsArrayBody: true } form)
            value = _collections.ReadArray(element, form.Kind, form.Type, form.Arguments);
        else
            value = Read(element, inner);
        if (value is null || inner.IsInstanceOfType(value))
            return value;
        throw Fault(
            LostValue.Explain(TraceIn(element) ?? value, inner) ?? $"A stored {value.GetType()} cannot be a {target}.",
            value.GetType().ToString());
    }

    /// <summary>The members of a JSON object, read as values that say what they are.</summary>
    public List<KeyValuePair<string, object?>> ReadMembers(JsonElement element)
    {
        var members = new List<KeyValuePair<string, object?>>();
        foreach (var member in element.EnumerateObject())
            members.Add(new(member.Name, Read(member.Value, null)));
        return members;
    }

    private static string? TagOf(JsonElement element)
    {
        foreach (var first in element.EnumerateObject())
        {
            if (!first.NameEquals(ValueTags.Type))
                return null;
            return first.Value.ValueKind == JsonValueKind.String
                ? first.Value.GetString()
                : throw Fault("A stored value has a tag that is not a name.", first.Value.ValueKind.ToString());
        }

        return null;
    }

    // The host may have made an object of its own of a snapshot.
    private static ValueSnapshot? TraceIn(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && TagOf(element) is ValueTags.Snapshot or ValueTags.Truncated
            ? new(OfName(element, ValueTags.Snapshot), []) { IsTruncated = TagOf(element) == ValueTags.Truncated }
            : null;

    private static object ReadNumber(JsonElement element)
    {
        var text = element.GetRawText();
        if (text.AsSpan().IndexOfAny('.', 'e', 'E') >= 0)
            return element.GetDouble();
        if (element.TryGetInt32(out var number))
            return number;
        return element.TryGetInt64(out var large) ? large : BigInteger.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string OfName(JsonElement element, string tag) =>
        element.TryGetProperty(ValueTags.Of, out var of) && of.ValueKind == JsonValueKind.String
            ? of.GetString()!
            : throw Fault($"A stored value has the tag '{tag}' but not the name of its type.", tag);

    private object? ReadTagged(JsonElement element, string tag, Type? declared)
    {
        switch (tag)
        {
            case ValueTags.Object:
                var typeName = element.TryGetProperty(ValueTags.Of, out var of) ? of.GetString() : null;
                var inner = element.TryGetProperty(ValueTags.Base, out var held) ? Read(held, null) : null;
                return MakeObject(element.GetProperty(ValueTags.Value), declared, typeName, inner);
            case ValueTags.Enum: return ReadEnum(element.GetProperty(ValueTags.Value).GetString()!, OfName(element, tag), declared);
            case ValueTags.Secret: return ReadSecret(OfName(element, tag));
            case ValueTags.Snapshot: return ReadWhole(element, declared) ?? Host(ReadSnapshot(element, OfName(element, tag)));
            case ValueTags.Truncated: return ReadCut(OfName(element, tag));
        }

        if (_types.Find(tag) is not { } type)
            throw Fault($"A stored value has the tag '{Shorten(tag)}', which is not on the list of types that may be created.", tag);
        if (_types.ScalarOf(type) is { } scalar)
            return scalar.Read(element.GetProperty(ValueTags.Value));
        if (_types.FormOf(type) is { OriginalTypeName: null } form)
            return _collections.Read(element, form, declared);
        throw Fault($"A stored value has the tag '{Shorten(tag)}', which says nothing of its content.", tag);
    }

    private static string Shorten(string tag) => TextCut.After(tag, 200);

    private object Host(ValueSnapshot snapshot) => _adapter?.CreateSnapshot(snapshot) ?? snapshot;

    // An enum that is neither on the list nor loaded comes back as its name, which PowerShell converts wherever the enum is asked for.
    private object ReadEnum(string text, string typeName, Type? declared)
    {
        var wanted = declared is null ? null : Nullable.GetUnderlyingType(declared) ?? declared;
        var type = wanted is { IsEnum: true } && wanted.FullName == typeName ? wanted : _types.FindEnum(typeName);
        return type is null ? StoredTypes.ReadLoadedEnum(typeName, text) ?? text : Enum.Parse(type, text);
    }

    // A value that was stored as a snapshot, because nobody declared its type, can still be made again if its type is declared now and no
    // member is missing.
    private object? ReadWhole(JsonElement element, Type? declared)
    {
        var wanted = SingleOf(declared);
        if (wanted is null || wanted.ToString() != OfName(element, ValueTags.Snapshot) || PlainObject.ForType(wanted) is not { } plain)
            return null;
        return element.TryGetProperty(ValueTags.Value, out var members)
            && plain.Members.All(member => members.TryGetProperty(member.Name, out _))
            ? MakePlain(members, plain, wanted)
            : null;
    }

    // If a list is declared and one object was stored, the object is a list of one that the pipeline unrolled.
    private static Type? SingleOf(Type? declared) =>
        declared is null ? null
        : Nullable.GetUnderlyingType(declared)
        ?? (CollectionTypes.ValueOf(declared) is null ? CollectionTypes.EnumerableElementType(declared) : null) ?? declared;

    private SecretPlaceholder ReadSecret(string typeName)
    {
        if (_inProperties == 0)
            _secret ??= typeName;
        return new SecretPlaceholder(typeName);
    }

    private object ReadCut(string typeName)
    {
        _cuts++;
        return Host(new ValueSnapshot(typeName, []) { IsTruncated = true });
    }

    private ValueSnapshot ReadSnapshot(JsonElement element, string typeName)
    {
        _hasSnapshot = true;
        _inProperties++;
        var properties = element.TryGetProperty(ValueTags.Value, out var members) ? ReadMembers(members) : [];
        _inProperties--;
        return new(typeName, properties)
        {
            Text = element.TryGetProperty(ValueTags.Text, out var text) ? StringJson.Read(text) : null,
            Items = element.TryGetProperty(ValueTags.Items, out var items) ? _collections.ReadObjects(items, typeof(object)) : null,
            Entries = element.TryGetProperty(ValueTags.Entries, out var entries) ? _collections.ReadEntries(entries) : null,
        };
    }

    private object? MakeObject(JsonElement members, Type? declared, string? typeName, object? inner)
    {
        var wanted = SingleOf(declared);
        if (inner is null && wanted is not null && PlainObject.ForType(wanted) is { } plain)
            return MakePlain(members, plain, wanted);
        var properties = ReadMembers(members);
        if (_adapter is not null)
            return _adapter.CreateObject(properties, typeName, inner);
        if (inner is not null)
            return inner;
        var bag = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var property in properties)
            bag[property.Key] = property.Value;
        return bag;
    }

    private object MakePlain(JsonElement members, PlainObject plain, Type type)
    {
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in members.EnumerateObject())
        {
            if (plain.Find(member.Name) is { } target)
                values[target.Name] = ReadElement(member.Value, target.Type);
        }

        return plain.Create(values, out var problem)
            ?? throw Fault($"A stored value cannot be a {type}: the type {problem}.", type.ToString());
    }
}
