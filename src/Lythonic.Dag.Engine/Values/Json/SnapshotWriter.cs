using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml;
using System.Xml.Linq;

namespace Lythonic.Dag.Values;

/// <summary>Writes what can be read of a live object.</summary>
internal sealed class SnapshotWriter(ValueWriter writer)
{
    private readonly ConditionalWeakTable<Type, PropertyInfo[]> _properties = [];
    private readonly ConditionalWeakTable<Type, PropertyInfo[]> _plain = [];
    private readonly JsonText _json = writer.Json;
    private int _depth;
    private int _written;

    public void Clear() => (_depth, _written) = (0, 0);

    public void Write(object value, Type type)
    {
        var name = type.ToString();
        if (_depth >= ValueTags.MaximumSnapshotDepth || _written >= ValueTags.MaximumSnapshotProperties)
        {
            writer.WriteMark(ValueTags.Truncated, name);
            return;
        }

        if (IsOpaque(value))
        {
            WriteOpaque(value, type, name);
            return;
        }

        _depth++;
        writer.Begin(ValueTags.Snapshot, name);
        WriteContent(value, type);
        _json.Raw('}');
        _depth--;
    }

    /// <summary>Writes an object that the host says the text of. Its properties are for one that stands by itself, not for one in another live object.</summary>
    public void WriteText(string typeName, string text, IReadOnlyList<KeyValuePair<string, object?>>? properties)
    {
        BeginText(typeName, text);
        if (properties is { Count: > 0 } && _depth == 0)
        {
            _depth++;
            writer.Member(ValueTags.Value);
            writer.WriteMembers(properties);
            _depth--;
        }

        _json.Raw('}');
    }

    /// <summary>Writes a snapshot that came from the store, as the snapshot it is.</summary>
    public void WriteAgain(ValueSnapshot snapshot)
    {
        if (snapshot.IsTruncated)
        {
            writer.WriteMark(ValueTags.Truncated, snapshot.TypeName);
            return;
        }

        writer.Begin(ValueTags.Snapshot, snapshot.TypeName);
        if (snapshot.Text is not null)
        {
            writer.Member(ValueTags.Text);
            StoredText.Write(_json, snapshot.Text);
        }

        if (snapshot.Items is not null)
            WriteItems(snapshot.Items);
        if (snapshot.Entries is not null)
            WriteEntries(snapshot.Entries.Select(entry => new DictionaryEntry(entry.Key, entry.Value)));
        if (snapshot.Properties.Count > 0 || (snapshot.Text ?? (object?)snapshot.Items ?? snapshot.Entries) is null)
        {
            writer.Member(ValueTags.Value);
            writer.WriteMembers(snapshot.Properties);
        }

        _json.Raw('}');
    }

    // Of what stands by itself, the properties that are plain values are written too.
    private void WriteOpaque(object value, Type type, string name)
    {
        BeginText(name, Describe(value));
        if (_depth == 0)
        {
            _depth++;
            writer.Member(ValueTags.Value);
            WriteProperties(value, _plain.GetValue(type, static type => [.. Readable(type).Where(IsPlain)]));
            _depth--;
        }

        _json.Raw('}');
    }

    private void BeginText(string typeName, string text)
    {
        writer.Begin(ValueTags.Snapshot, typeName);
        writer.Member(ValueTags.Text);
        StoredText.Write(_json, text);
    }

    // A task's result waits for it, and the text of a document is there already.
    private static bool IsPlain(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return property.Name is not ("Result" or "InnerXml" or "OuterXml")
            && (type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(Guid)
                || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(TimeSpan));
    }

    // Their other properties block, run code, walk whole assemblies or say nothing.
    private static bool IsOpaque(object value) =>
        value is Task or Delegate or Stream or MemberInfo or Assembly or Module or Thread or Pointer or WaitHandle
            or System.Runtime.InteropServices.SafeHandle or XmlNode or XObject
        || IsAwaitable(value.GetType());

    private static bool IsAwaitable(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>)
        || Array.Exists(type.GetInterfaces(), face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));

    private static string Describe(object value)
    {
        try
        {
            return value is XmlNode node ? node.OuterXml : value.ToString() ?? "";
        }
#pragma warning disable CA1031 // The text of a foreign object may fail in any way, and the node's output is worth more than it.
        catch (Exception)
#pragma warning restore CA1031
        {
            return "";
        }
    }

    /// <summary>Whether an enumerable has an end: one that only enumerates may go on for ever or have effects.</summary>
    public static bool IsCollection(object value) =>
        value is ICollection
        || Array.Exists(
            value.GetType().GetInterfaces(),
            face => face.IsGenericType
                && (face.GetGenericTypeDefinition() == typeof(ICollection<>)
                    || face.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>)));

    private void WriteContent(object value, Type type)
    {
        switch (value)
        {
            case IDictionary dictionary:
                WriteEntries(Entries(dictionary));
                break;
            case IEnumerable sequence when IsCollection(value):
                WriteItems(sequence);
                break;
            default:
                writer.Member(ValueTags.Value);
                WriteProperties(value, _properties.GetValue(type, Readable));
                break;
        }
    }

    private static IEnumerable<DictionaryEntry> Entries(IDictionary dictionary)
    {
        var entries = dictionary.GetEnumerator();
        while (entries.MoveNext())
            yield return entries.Entry;
    }

    private void WriteEntries(IEnumerable<DictionaryEntry> entries)
    {
        writer.Member(ValueTags.Entries);
        _json.Raw('[');
        var i = 0;
        foreach (var entry in entries)
        {
            _json.Raw(i > 0 ? ",[" : "[");
            writer.Trail.At(i++);
            writer.Write(entry.Key, null);
            _json.Raw(',');
            writer.Write(entry.Value, null);
            _json.Raw(']');
        }

        _json.Raw(']');
    }

    private void WriteItems(IEnumerable items)
    {
        writer.Member(ValueTags.Items);
        _json.Raw('[');
        var i = 0;
        foreach (var item in items)
        {
            if (i > 0)
                _json.Raw(',');
            writer.Trail.At(i++);
            writer.Write(item, null);
        }

        _json.Raw(']');
    }

    private void WriteProperties(object value, PropertyInfo[] properties)
    {
        _json.Raw('{');
        var first = true;
        foreach (var property in properties)
        {
            if (_written >= ValueTags.MaximumSnapshotProperties || !TryRead(property, value, out var content))
                continue;
            if (!first)
                _json.Raw(',');
            first = false;
            _written++;
            writer.WriteName(property.Name);
            if (content is not null && IsSecret(value, property))
                writer.WriteMark(ValueTags.Secret, property.PropertyType.Name);
            else
                writer.Write(content, null);
        }

        _json.Raw('}');
    }

    // Live objects carry secrets as plain text too: a process's environment holds the tokens of its parent.
    private static bool IsSecret(object owner, PropertyInfo property) =>
        owner is System.Diagnostics.ProcessStartInfo
            ? property.Name.StartsWith("Environment", StringComparison.Ordinal) || property.Name.StartsWith("Password", StringComparison.Ordinal)
            : property.PropertyType == typeof(string)
                && (property.Name.Contains("Password", StringComparison.OrdinalIgnoreCase)
                    || property.Name.Contains("Secret", StringComparison.OrdinalIgnoreCase));

    private static PropertyInfo[] Readable(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
            .Where(property => !property.PropertyType.IsByRefLike && !property.PropertyType.IsPointer && !property.PropertyType.IsByRef)
            .GroupBy(property => property.Name, StringComparer.Ordinal)
            .Select(group => group.First())];

    private static bool TryRead(PropertyInfo property, object target, out object? value)
    {
        try
        {
            value = property.GetValue(target);
            return true;
        }
#pragma warning disable CA1031 // A getter of a foreign object may fail in any way; the contract leaves it out.
        catch (Exception)
#pragma warning restore CA1031
        {
            value = null;
            return false;
        }
    }
}
