using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>A node's output in a run: the live value, its stored form, or both.</summary>
internal sealed class NodeOutput
{
    private readonly Type? _declared;
    private readonly Type? _shape;
    private readonly Func<object?>? _compose;
    private readonly IEnumerable<NodeOutput?>? _parts;
    private Func<int, RecordedForm?> _element = static _ => null;
    private readonly bool _isFaithful;
    private object? _value;
    private bool _isLive;
    private bool _wasText;
    private int _takers;

    private NodeOutput(
        object? value, bool isLive, RecordedForm? form, CompiledNode? node, Func<object?>? compose = null,
        IEnumerable<NodeOutput?>? parts = null)
    {
        var encoded = form?.Current;
        _compose = compose;
        _parts = parts;
        Form = form;
        _takers = node?.Downstreams.Length ?? 0;
        // A snapshot of a live object is less than that object, and a placeholder is no secret.
        _isFaithful = isLive && encoded is { IsLarge: true, Facts.IsFaithful: true };
        _value = value;
        _isLive = isLive;
        _declared = node?.OutputType;
        _shape = node?.StoredType;
        Encoded = encoded;
    }

    /// <summary>The stored form; <see langword="null"/> if runs are not kept.</summary>
    public EncodedValue? Encoded { get; }

    /// <summary>The input form for a node that takes the value now; <see langword="null"/> if runs are not kept.</summary>
    public RecordedForm? Form { get; }

    /// <summary>
    /// Whether its short text, and its value if it is in memory, are all that must be kept: the value is not compared later, and the text
    /// brings it back as it was.
    /// </summary>
    /// <param name="value">The value; <see langword="null"/> if it was stored and has not been read yet.</param>
    public bool IsPlain(out object? value)
    {
        value = _value;
        return Encoded is { IsLarge: false, KeyInStore: null } encoded && ReferenceEquals(encoded.Facts, ValueFacts.None) && Form!.IsFinal
            && _compose is null && !_wasText && WasStored != _isLive;
    }

    /// <summary>Whether it was stored by an earlier process or run.</summary>
    public bool WasStored { get; private init; }

    /// <summary>
    /// The type of a secret that the value lost when it was stored; <see langword="null"/> for none. Known once it is read.
    /// </summary>
    public string? LostSecret { get; private set; }

    /// <summary>Whether the value lost live objects when it was stored. Known once it is read.</summary>
    public bool HasCut { get; private set; }

    /// <summary>The form of one element of a list, if it is stored as a value of its own, so that it is not stored twice.</summary>
    /// <param name="ordinal">Its position.</param>
    /// <remarks>
    /// There is none if the list has changed since. Then each sub-run stores its element as it is when the sub-run takes it.
    /// </remarks>
    public RecordedForm? ElementAt(int ordinal) => ReferenceEquals(Form?.Current, Encoded) ? _element(ordinal) : null;

    /// <summary>An output of this process.</summary>
    /// <param name="value">The value.</param>
    /// <param name="form">The stored form; <see langword="null"/> if runs are not kept.</param>
    /// <param name="node">The node that made it, which declares types.</param>
    /// <param name="elements">The stored forms of the elements that have one of their own; or <see langword="null"/>.</param>
    public static NodeOutput Live(
        object? value, RecordedForm? form, CompiledNode? node = null, IReadOnlyDictionary<int, RecordedForm>? elements = null) =>
        elements is null ? new(value, true, form, node) : new(value, true, form, node) { _element = elements.GetValueOrDefault };

    /// <summary>An output that is composed of others.</summary>
    /// <param name="value">The value.</param>
    /// <param name="form">The stored form.</param>
    /// <param name="node">The node that made it, which declares types.</param>
    /// <param name="parts">The others, each of which was read.</param>
    public static NodeOutput Made(object? value, RecordedForm form, CompiledNode node, IEnumerable<NodeOutput?> parts)
    {
        var made = new NodeOutput(value, true, form, node);
        made.NoteParts(parts);
        return made;
    }

    /// <summary>An output that is composed of others when it is first needed.</summary>
    /// <param name="compose">Makes it.</param>
    /// <param name="form">The stored form.</param>
    /// <param name="node">The node that made it, which declares types.</param>
    /// <param name="parts">The others.</param>
    /// <param name="elements">The forms of its elements.</param>
    public static NodeOutput Composed(
        Func<object?> compose, RecordedForm form, CompiledNode node, IEnumerable<NodeOutput?> parts, Func<int, RecordedForm?> elements) =>
        new(null, false, form, node, compose, parts) { _element = elements };

    /// <summary>An output that was stored before; it is read when it is first needed.</summary>
    /// <param name="encoded">The stored form.</param>
    /// <param name="node">The node that made it, which declares types; or <see langword="null"/>.</param>
    public static NodeOutput Stored(EncodedValue encoded, CompiledNode? node) =>
        new(null, false, RecordedForm.Restored(encoded, node?.OutputType, node is { IsShared: true }), node) { WasStored = true };

    /// <summary>The form of the value for a node that takes it now, and has read it.</summary>
    /// <param name="session">The session.</param>
    /// <param name="change">Whether the value has changed since it was recorded before.</param>
    public EncodedValue RefreshForm(RunSession session, out ValueChange change) => Form!.Refresh(Read(session), session.Codec, out change);

    /// <summary>
    /// A node that takes the value is done. When the last one is, a value that was too large to compare before is compared.
    /// </summary>
    /// <returns>Whether it changed and nodes have an earlier form of it as their input.</returns>
    public bool Release(RunSession session) => Interlocked.Decrement(ref _takers) == 0 && WasMissed(session);

    /// <summary>
    /// Whether the value has changed, nodes have an earlier form of it as their input, and this has not been reported yet.
    /// </summary>
    public bool WasMissed(RunSession session) => _isLive && Form?.LookAgain(_value, session.Codec) == ValueChange.Missed;

    /// <summary>Whether the value is live and differs from what was recorded.</summary>
    public bool HasChanged(RunSession session) => _isLive && Form?.HasChanged(_value, session.Codec) == true;

    /// <summary>The value.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagValueNotRestorable"/>: the stored form cannot be read.</exception>
    public object? Read(RunSession session)
    {
        lock (this)
        {
            if (_isLive)
                return _value;
            if (_compose is not null)
            {
                _value = _compose();
                NoteParts(_parts!);
            }
            else
            {
                var (value, facts) = ReadShaped(session);
                _value = Restored(session, value);
                _wasText = true;
                LostSecret = facts.Secret;
                HasCut = facts.Cuts > 0;
            }

            _isLive = true;
            return _value;
        }
    }

    /// <summary>Reads the value, if that is possible.</summary>
    public bool TryRead(RunSession session)
    {
        try
        {
            Read(session);
            return true;
        }
        catch (DagException)
        {
            return false;
        }
    }

    /// <summary>
    /// The value for a parameter of a declared type. If the value was stored without a type of its own, the declared type says what it was.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="wanted">The type, or <see langword="null"/>.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagValueNotRestorable"/>: the stored form cannot be read.</exception>
    public object? ReadAs(RunSession session, Type? wanted)
    {
        var value = Read(session);
        if (!_wasText || value is null || wanted is null || wanted.IsInstanceOfType(value) || !CollectionTypes.NeedsType(wanted)
            || (_shape is not null && CollectionTypes.NeedsType(_shape)))
            return value;
        return TryRestore(session, wanted)?.Value ?? value;
    }

    // The type that the sub-DAGs declare is the one that was stored, unless they have changed since. Then the value is read by its own
    // tags.
    private RestoredValue ReadShaped(RunSession session) =>
        (_shape is not null && _shape != _declared ? TryRestore(session, _shape) : null) ?? Restore(session, _declared);

    private RestoredValue Restore(RunSession session, Type? type) => Encoded!.Text is { IsWhole: true } text
        ? session.Codec.Restore(text.Bytes.First, type)
        : Encoded.IsLarge ? session.Codec.Restore(session.Provenance.GetUtf8(Encoded), type)
        : session.Codec.Restore(session.Provenance.GetText(Encoded), type);

    private RestoredValue? TryRestore(RunSession session, Type type)
    {
        try
        {
            return Restore(session, type) is { Value: not null } restored ? restored : null;
        }
        catch (DagException)
        {
            return null;
        }
    }

    private void NoteParts(IEnumerable<NodeOutput?> parts)
    {
        foreach (var part in parts)
        {
            _wasText |= part is { _wasText: true };
            LostSecret ??= part?.LostSecret;
            HasCut |= part is { HasCut: true };
        }
    }

    private object? Restored(RunSession session, object? value)
    {
        if (_declared is not { } type || value is null || type.IsInstanceOfType(value))
            return value;
        return session.Converter.TryConvert(value, type, out var converted, out var problem)
            ? converted
            : throw new DagException(
                DagErrorId.DagValueNotRestorable,
                $"A stored output does not come back as {type}: {problem}")
            {
                Remedy = new(DagRemedyKind.ReplayItsNode),
            };
    }

    /// <summary>Drops the live value if it is large and the stored form brings it back as it was.</summary>
    public void DropValueIfFaithful()
    {
        if (_isFaithful)
            DropValue();
    }

    /// <summary>Drops the live value if the stored form can bring it back.</summary>
    public void DropValue()
    {
        lock (this)
        {
            _value = null;
            _isLive = Encoded is null && _isLive;
        }
    }
}
