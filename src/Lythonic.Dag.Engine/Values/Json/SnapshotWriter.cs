using System.Collections;
using System.Xml;

namespace Lythonic.Dag.Values;

/// <summary>Writes what can be read of a live object.</summary>
internal sealed class SnapshotWriter(ValueWriter writer, IValueAdapter? adapter)
{
    private readonly Dictionary<Type, LiveTraits> _traits = [];
    private readonly JsonTextWriter _json = writer.Json;
    private int _depth;
    private int _written;
    private int _inProperties;
    private bool _inCollection;

    /// <summary>Whether it is writing properties of a live object, and not a value of its own.</summary>
    public bool IsInside => _inProperties > 0;

    public void Clear()
    {
        _depth = 0;
        _written = 0;
        _inProperties = 0;
        _inCollection = false;
        _traits.Clear();
    }

    public void Write(object value, Type type)
    {
        // The limit applies to each object of a list, not to the whole list.
        if (_depth == 0)
            _written = 0;
        if (_depth > 0 && PartOf(value, type) is var part and not LivePart.Whole)
        {
            WritePart(value, type, part);
            return;
        }

        if (_depth >= ValueTags.MaximumSnapshotDepth || _written >= ValueTags.MaximumSnapshotProperties || !writer.Path.TryEnter(value))
        {
            writer.WriteCut(type.ToString());
            return;
        }

        var isPart = _depth++ > 0;
        Begin(type.ToString());
        if (LiveKinds.IsOpaque(value) || (adapter is null && value is XmlNode))
            WriteText(value, TextOf(value, isPart), type, isPlain: true);
        else
            WriteContent(value, type, isPart);
        _json.Raw('}');
        _depth--;
        writer.Path.Leave();
    }

    /// <summary>Writes a snapshot that came from the store, as the snapshot it is.</summary>
    public void WriteAgain(ValueSnapshot snapshot)
    {
        if (snapshot.IsTruncated || !writer.Path.TryEnter(snapshot))
        {
            writer.WriteCut(snapshot.TypeName);
            return;
        }

        Begin(snapshot.TypeName);
        if (snapshot.Text is not null)
            WriteTextMember(snapshot.Text);
        if (snapshot.Items is not null)
            WriteItems(snapshot.Items);
        if (snapshot.Entries is not null)
            WriteEntries(snapshot.Entries.Select(entry => new DictionaryEntry(entry.Key, entry.Value)));
        if (snapshot.Properties.Count > 0 || (snapshot.Text ?? (object?)snapshot.Items ?? snapshot.Entries) is null)
        {
            BeginProperties();
            for (var i = 0; i < snapshot.Properties.Count; i++)
            {
                writer.Separate(i);
                writer.WriteName(snapshot.Properties[i].Key);
                writer.Write(snapshot.Properties[i].Value, null);
            }

            EndProperties();
        }

        _json.Raw('}');
        writer.Path.Leave();
    }

    private void Begin(string typeName)
    {
        writer.NoteSnapshot();
        writer.Begin(ValueTags.Snapshot, typeName);
    }

    // The platform's own objects may contain themselves: a match is the first of its own groups. PowerShell's remoting, too, brings back
    // only their text, so this does not count as a loss.
    private LivePart PartOf(object value, Type type)
    {
        if (!PlainObject.IsPlatform(type))
            return LivePart.Whole;
        var part = adapter is null && value is XmlNode ? LivePart.Text : LiveKinds.PartOf(value, _inCollection);
        if (part == LivePart.Whole && adapter is not null)
            part = adapter.PartOf(value);
        var limit = value is Exception or XmlNode || IsListed(value) ? ValueTags.MaximumSnapshotDepth : ValueTags.MaximumPartDepth;
        return part == LivePart.Whole && (_depth >= limit || writer.Path.Has(value)) ? LivePart.Plain : part;
    }

    private static bool IsListed(object value) => value is IDictionary || LiveKinds.IsCollection(value);

    private void WritePart(object value, Type type, LivePart part)
    {
        var name = type.ToString();
        var text = TextOf(value, isPart: true);
        Begin(name);
        WriteText(value, part == LivePart.Text ? text ?? name : text, type, part == LivePart.Plain);
        _json.Raw('}');
    }

    private void WriteText(object value, string? text, Type type, bool isPlain)
    {
        var isTyped = text == type.ToString();
        if (text is not null && !(isPlain && isTyped))
            WriteTextMember(text);
        if (!isPlain)
            return;
        BeginProperties();
        var count = 0;
        foreach (var member in LiveProperties.For(type))
        {
            if (member.IsPlain && member.TryRead(value, out var content))
                WriteProperty(value, member.Name, member.Type, content, ref count);
        }

        EndProperties();
    }

    private void WriteTextMember(string text)
    {
        writer.Member(ValueTags.Text);
        StringJson.Write(_json, text);
    }

    private string? TextOf(object value, bool isPart)
    {
        try
        {
            var isHosts = adapter is not null && !isPart && !LiveKinds.IsReadByEnumeration(value);
            return (isHosts ? adapter!.TextOf(value) : value.ToString()) ?? "";
        }
#pragma warning disable CA1031 // The text of a foreign object may fail in any way, and the node's output is worth more than it.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    private void WriteContent(object value, Type type, bool isPart)
    {
        var inCollection = _inCollection;
        switch (value)
        {
            case IDictionary dictionary:
                _inCollection = true;
                if (TextOf(value, isPart) is { } text && text != type.ToString())
                    WriteTextMember(text);
                WriteEntries(Entries(dictionary));
                break;
            case IEnumerable sequence when LiveKinds.IsCollection(value):
                _inCollection = true;
                WriteItems(adapter?.ItemsOf(sequence) ?? sequence);
                break;
            case System.Data.DataTable table:
                // PowerShell enumerates its rows wherever it would enumerate a list.
                _inCollection = true;
                WriteItems(table.Rows);
                _inCollection = false;
                WriteObject(value, type, isPart);
                break;
            default:
                _inCollection = false;
                WriteObject(value, type, isPart);
                break;
        }

        _inCollection = inCollection;
    }

    private void WriteObject(object value, Type type, bool isPart)
    {
        if (TextOf(value, isPart) is { } text && text != type.ToString())
            WriteTextMember(text);
        var traits = TraitsOf(value, type);
        BeginProperties();
        var count = 0;
        var added = traits.IsAdapted || (!isPart && traits.Added.Count > 0) ? adapter!.ReadLive(value, traits, isPart) : [];
        foreach (var (name, content) in added)
            WriteProperty(value, name, content?.GetType() ?? typeof(object), content, ref count);
        foreach (var member in LiveProperties.For(type))
        {
            // If the host says which properties an object has, plain .NET ones are kept only for an object that is not part of another.
            if (traits.IsAdapted && (isPart || !member.IsPlain || LiveKinds.IsRow(value))
                || traits.Only?.Contains(member.Name) == false || Has(added, member.Name) || LiveKinds.AreItems(value, member.Name))
                continue;
            if (member.TryRead(value, out var content))
                WriteProperty(value, member.Name, member.Type, content, ref count);
        }

        EndProperties();
    }

    private static bool Has(IReadOnlyList<KeyValuePair<string, object?>> added, string name)
    {
        for (var i = 0; i < added.Count; i++)
        {
            if (string.Equals(added[i].Key, name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private LiveTraits TraitsOf(object value, Type type)
    {
        if (adapter is null)
            return LiveTraits.None;
        if (!_traits.TryGetValue(type, out var traits))
            _traits[type] = traits = adapter.DescribeLive(value);
        return traits;
    }

    private void BeginProperties()
    {
        _inProperties++;
        writer.Member(ValueTags.Value);
        _json.Raw('{');
    }

    private void EndProperties()
    {
        _json.Raw('}');
        _inProperties--;
    }

    private void WriteProperty(object owner, string name, Type type, object? content, ref int count)
    {
        writer.Separate(count++);
        if (!LiveKinds.IsRow(owner))
            _written++;
        writer.WriteName(name);
        if (content is not null && LiveKinds.IsSecret(owner, name, type))
            writer.WriteMark(ValueTags.Secret, type.Name);
        else
            writer.Write(content, null);
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
            writer.Path.At(i++);
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
            writer.Separate(i);
            writer.Path.At(i++);
            writer.Write(item, null);
        }

        _json.Raw(']');
    }
}
