using System.Security;

namespace Lythonic.Dag.Values;

/// <summary>Writes one value at a time; not thread-safe, kept and used again.</summary>
internal sealed class ValueWriter
{
    private readonly StoredTypes _types;
    private readonly IValueAdapter? _adapter;
    private readonly CollectionWriter _collections;
    private readonly SnapshotWriter _snapshots;
    private bool _hasSnapshot;
    private string? _secret;
    private bool _isPartial;
    private int _cuts;
    private string? _firstCut;

    public ValueWriter(StoredTypes types, IValueAdapter? adapter, int maximumLength)
    {
        _types = types;
        _adapter = adapter;
        Json = new JsonTextWriter(maximumLength);
        _collections = new CollectionWriter(this, types);
        _snapshots = new SnapshotWriter(this, adapter);
    }

    public JsonTextWriter Json { get; }

    public ValuePath Path { get; } = new();

    public EncodedValue WriteAll(object? value, Type? declared)
    {
        try
        {
            Write(value is null || _adapter is null ? value : _adapter.WithAttached(value), declared);
            return new EncodedValue(Json.ToText(), Facts(), _collections.LargeElements);
        }
        catch (ValueNotStorableException fault)
        {
            throw new ValueNotStorableException($"The value at {Path} cannot be stored: {fault.Message}", fault.InnerException);
        }
        catch (Exception fault)
        {
            throw new ValueNotStorableException($"The value at {Path} cannot be stored: {fault.Message}", fault);
        }
        finally
        {
            Json.Clear();
            Path.Clear();
            _snapshots.Clear();
            _collections.Clear();
            _hasSnapshot = false;
            _isPartial = false;
            _secret = null;
            _cuts = 0;
            _firstCut = null;
        }
    }

    /// <summary>Writes a value so that it reads back without knowing its type.</summary>
    public void Write(object? value, Type? declared)
    {
        switch (value)
        {
            case null: Json.Raw("null"); break;
            case string text: WriteString(text); break;
            case bool flag: Json.Raw(flag ? "true" : "false"); break;
            case int number: Json.Number(number); break;
            case double number when double.IsFinite(number): Json.Double(number); break;
            default:
                if (!DeepStack.HasRoom)
                    DeepStack.Run(() => Write(value, declared));
                else if (_adapter is null || !WriteHosted(value, _adapter.Describe(value), declared))
                    WriteTyped(value, declared);
                break;
        }
    }

    /// <summary>Writes a value whose place has a known type. It gets no tag if it is of exactly that type.</summary>
    public void WriteElement(object? value, Type target)
    {
        if (value is null || target == typeof(object))
        {
            Write(value, target);
            return;
        }

        target = Nullable.GetUnderlyingType(target) ?? target;
        if (value.GetType() != target)
            Write(value, target);
        else if (_types.ScalarOf(target) is { } scalar && scalar.Takes(value))
            scalar.Write(Json, value);
        else if (target.IsEnum)
            Json.Quoted(value.ToString());
        else if (_types.FormOf(target) is { OriginalTypeName: null, IsArrayBody: true } form && Path.TryEnter(value))
            _collections.WriteArray(value, form, target);
        else
            Write(value, target);
    }

    /// <summary>Begins <c>{"$type":"…"</c>.</summary>
    public void Begin(string tag)
    {
        Json.Raw("{\"$type\":\"");
        Json.Raw(tag);
        Json.Raw('"');
    }

    /// <summary>Writes <c>,"name":</c> of the stored form itself.</summary>
    public void Member(string name)
    {
        Json.Raw(",\"");
        Json.Raw(name);
        Json.Raw("\":");
    }

    /// <summary>Begins <c>{"$type":"tag","of":"typeName"</c>.</summary>
    public void Begin(string tag, string typeName)
    {
        Begin(tag);
        Member(ValueTags.Of);
        Json.Quoted(typeName);
    }

    /// <summary>Writes the mark of a live object, or of a ring of containers, that is not stored here.</summary>
    public void WriteCut(string typeName)
    {
        if (_cuts++ == 0)
            _firstCut = Path.ToString();
        WriteMark(ValueTags.Truncated, typeName);
    }

    /// <summary>Writes the mark of a secret.</summary>
    public void WriteSecret(string typeName)
    {
        if (!_snapshots.IsInside)
            _secret ??= typeName;
        WriteMark(ValueTags.Secret, typeName);
    }

    /// <summary>A live object is being written.</summary>
    public void NoteSnapshot() => _hasSnapshot = true;

    /// <summary>Writes the comma in front of an element that is not the first.</summary>
    public void Separate(int index)
    {
        if (index > 0)
            Json.Raw(',');
    }

    public void WriteMark(string tag, string typeName)
    {
        Begin(tag, typeName);
        Json.Raw('}');
    }

    public void WriteProperties(IReadOnlyList<KeyValuePair<string, object?>> properties, string? typeName, object? inner)
    {
        var tagged = typeName is not null || inner is not null || properties.Any(property => property.Key == ValueTags.Type);
        if (tagged)
        {
            Begin(ValueTags.Object);
            if (typeName is not null)
            {
                Member(ValueTags.Of);
                Json.Quoted(typeName);
            }

            if (inner is not null)
            {
                Member(ValueTags.Base);
                Write(inner, null);
            }

            Member(ValueTags.Value);
        }

        WriteMembers(properties);
        if (tagged)
            Json.Raw('}');
    }

    public void WriteMembers(IReadOnlyList<KeyValuePair<string, object?>> properties)
    {
        Json.Raw('{');
        for (var i = 0; i < properties.Count; i++)
        {
            if (i > 0)
                Json.Raw(',');
            WriteName(properties[i].Key);
            Write(properties[i].Value, null);
        }

        Json.Raw('}');
    }

    /// <summary>Writes a property's name; a lone surrogate in one is too rare for a form of its own and becomes U+FFFD.</summary>
    public void WriteName(string name)
    {
        Path.At(name);
        if (JsonTextWriter.IsWellFormed(name))
            Json.Quoted(name);
        else
            Json.Quoted(string.Concat(name.EnumerateRunes().Select(rune => rune.ToString())));
        Json.Raw(':');
    }

    private void WriteString(string text)
    {
        if (JsonTextWriter.IsWellFormed(text))
        {
            Json.Quoted(text);
            return;
        }

        Begin("string");
        Member(ValueTags.Value);
        StringJson.Write(Json, text);
        Json.Raw('}');
    }

    private bool WriteHosted(object value, HostValue hosted, Type? declared)
    {
        _isPartial |= hosted.IsPartial;
        switch (hosted.Kind)
        {
            case HostValueKind.Wrapper:
                Write(hosted.Inner, declared);
                return true;
            case HostValueKind.Secret:
                WriteSecret(hosted.TypeName!);
                return true;
            case HostValueKind.Properties when !Path.TryEnter(value):
                WriteCut(hosted.TypeName ?? ValueTags.Object);
                return true;
            case HostValueKind.Properties:
                WriteProperties(hosted.Properties!, hosted.TypeName, hosted.Inner);
                Path.Leave();
                return true;
            default:
                return false;
        }
    }

    private void WriteScalar(object value, StoredScalar scalar)
    {
        Begin(scalar.Name);
        Member(ValueTags.Value);
        scalar.Write(Json, value);
        Json.Raw('}');
    }

    private void WriteTyped(object value, Type? declared)
    {
        var type = value.GetType();
        if (_types.ScalarOf(type) is { } scalar && scalar.Takes(value))
        {
            WriteScalar(value, scalar);
        }
        else if (value is Enum)
        {
            Begin(ValueTags.Enum, type.FullName ?? type.Name);
            Member(ValueTags.Value);
            Json.Quoted(value.ToString());
            Json.Raw('}');
        }
        else if ((_types.FormOf(type) ?? _types.StandInFor(value, declared)) is { } form && SortRules.CanSay(value, form))
        {
            _collections.Write(value, form, declared);
        }
        else
        {
            WriteObject(value, type, declared);
        }
    }

    private void WriteObject(object value, Type type, Type? declared)
    {
        switch (value)
        {
            case SecureString or System.Net.NetworkCredential:
                WriteSecret(type.Name);
                return;
            case SecretPlaceholder secret:
                WriteSecret(secret.TypeName);
                return;
            case ValueSnapshot snapshot:
                _snapshots.WriteAgain(snapshot);
                return;
        }

        if (_types.ScalarBelow(value) is { } scalar)
            WriteScalar(value, scalar);
        else if (declared is not null && (Nullable.GetUnderlyingType(declared) ?? declared) == type
            && PlainObject.ForType(type) is { } plain)
            WritePlain(value, type, plain);
        else
            _snapshots.Write(value, type);
    }

    private ValueFacts Facts() =>
        _hasSnapshot || _isPartial || _secret is not null || _cuts > 0
            ? new ValueFacts(_hasSnapshot, _secret, _cuts, _firstCut) { IsPartial = _isPartial }
            : ValueFacts.None;

    private void WritePlain(object value, Type type, PlainObject plain)
    {
        if (!Path.TryEnter(value))
        {
            WriteCut(type.ToString());
            return;
        }

        Begin(ValueTags.Object, type.FullName ?? type.Name);
        Member(ValueTags.Value);
        Json.Raw('{');
        var first = true;
        foreach (var member in plain.Members)
        {
            if (!first)
                Json.Raw(',');
            first = false;
            WriteName(member.Name);
            WriteElement(member.Read(value), member.Type);
        }

        Json.Raw("}}");
        Path.Leave();
    }
}
