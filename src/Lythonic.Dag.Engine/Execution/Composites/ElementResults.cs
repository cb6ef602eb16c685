using System.Collections;
using System.Collections.Specialized;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The results of a composite node's elements, in the order of the elements. There may be very many. Most of them are an immutable value
/// with a short text, and only these two are kept in memory then.
/// </summary>
internal sealed class ElementResults(Elements elements, CompiledNode? node, RunSession? session, bool isShared = false)
{
    // Stands for a value that was stored and has not been read yet.
    private static readonly object Unread = new();

    // Stands for the text if runs are not kept.
    private static readonly TextPlace NoText = new(0, 0, -1);

    private readonly object?[] _values = new object?[elements.Count];
    private readonly TextPlace[] _texts = new TextPlace[elements.Count];
    private readonly LiveValueBudget _kept = new();

    // For the elements that need more than a value and a text.
    private NodeOutput?[]? _outputs;
    private List<NodeOutput>? _noted;
    private HashSet<int>? _omitted;
    private bool _hasLarge;
    private bool _hasUnread;

    public static ElementResults None { get; } = new(Elements.None, null, null);

    /// <summary>How many elements are done.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the one element of a call or switch node gave nothing because the sink of its sub-DAG was omitted.</summary>
    public bool IsOmitted => _omitted is not null && node is { HasElements: false };

    /// <summary>The stored texts of the results.</summary>
    public TextPages Texts { get; } = new();

    /// <summary>
    /// The sink whose declared type shapes the values that are read; <see langword="null"/> if branches declare different types, because
    /// values are read by their tags then.
    /// </summary>
    public CompiledNode? Sink { get; } =
        node?.SubDags!.All.Select(dag => dag.Sink).DistinctBy(sink => (sink.OutputType, sink.StoredType)).Take(2).ToArray() is [var only]
            ? only
            : null;

    private bool IsComplete => Count == _values.Length && _omitted is null;

    /// <summary>Whether an element is done.</summary>
    public bool Has(int ordinal) =>
        _texts[ordinal].Length != 0 || _outputs?[ordinal] is not null || (_omitted is not null && _omitted.Contains(ordinal));

    /// <summary>Adds the result of an element; <see langword="null"/> if the sink of its sub-DAG was omitted.</summary>
    public void Add(int ordinal, NodeOutput? output)
    {
        if (ordinal >= _values.Length || Has(ordinal))
            return;
        Count++;
        if (output is null)
            (_omitted ??= []).Add(ordinal);
        else if (output.Encoded is null)
            Set(ordinal, NoText, output.Read(session!));
        else if (output.IsPlain(out var value) && MayBePlain(output.WasStored))
            Set(ordinal, Texts.Add(output.Encoded), output.WasStored ? Unread : value);
        else
            Keep(ordinal, output);
    }

    /// <summary>Adds the result of an element that a stored sub-run has.</summary>
    /// <param name="ordinal">The position of the element.</param>
    /// <param name="subRun">The sub-run; its text is in <see cref="Texts"/>.</param>
    /// <param name="sink">The node that made the value and declares its type; or <see langword="null"/>.</param>
    public void Add(int ordinal, in StoredSubRun subRun, CompiledNode? sink)
    {
        if (subRun.Text.Length == 0 || sink is null || sink != Sink || !MayBePlain(isStored: true))
        {
            Add(ordinal, OutputOf(subRun) is { } output ? NodeOutput.Stored(output, sink) : null);
            return;
        }

        if (Has(ordinal))
            return;
        Count++;
        Set(ordinal, subRun.Text, Unread);
    }

    /// <summary>The output of a stored sub-run; <see langword="null"/> if its sink was omitted.</summary>
    public EncodedValue? OutputOf(in StoredSubRun subRun) =>
        subRun.Apart ?? (subRun.Text.Length == 0 ? null : Encoded(subRun.Text));

    /// <summary>
    /// The node's output, with its stored form if runs are kept. Large elements are joined, and stored ones read, only when somebody asks
    /// for them.
    /// </summary>
    public NodeOutput Collect()
    {
        if (session!.Provenance.KeepsRuns && IsPlainList && (_hasLarge || _hasUnread))
            return NodeOutput.Composed(List, _hasLarge ? LargeForm() : Form(null), node!, Parts(), FormAt);
        var isMany = node!.HasElements;
        var collected = node.Composite!.Gather(this);
        var value = Converted(collected);
        if (!session.Provenance.KeepsRuns)
            return NodeOutput.Live(value, null);
        if (!isMany && ReferenceEquals(value, collected))
            return NodeOutput.Made(value, _outputs![0]!.Form!, node, Parts());
        return NodeOutput.Made(value, Form(value), node, Parts());
    }

    /// <summary>The results of all elements, as a list or by the keys of a dictionary.</summary>
    public object? Collection() => elements.Keys is null ? List() : Dictionary();

    /// <summary>The result of the one element.</summary>
    public object? Only() => Read(0);

    // A value that is needed again later is kept whole, such as one that several nodes get and may change.
    private bool MayBePlain(bool isStored) =>
        node!.HasElements && (!isStored || Sink is { IsShared: false });

    private void Set(int ordinal, TextPlace text, object? value)
    {
        _texts[ordinal] = text;
        _values[ordinal] = value;
        _hasUnread |= ReferenceEquals(value, Unread);
    }

    private void Keep(int ordinal, NodeOutput output)
    {
        (_outputs ??= new NodeOutput?[_values.Length])[ordinal] = output;
        _kept.Keep(output);
        _hasLarge |= output.Encoded is { IsLarge: true };
    }

    private EncodedValue Encoded(TextPlace text) => new(new Utf8Text(new(Texts.At(text))), ValueFacts.None);

    private EncodedValue EncodedAt(int ordinal) => _outputs?[ordinal]?.Encoded ?? Encoded(_texts[ordinal]);

    private RecordedForm FormAt(int ordinal) =>
        _outputs?[ordinal]?.Form ?? RecordedForm.Restored(Encoded(_texts[ordinal]), Sink?.OutputType, isShared: false);

    private RecordedForm[] Forms() => [.. Enumerable.Range(0, _values.Length).Select(FormAt)];

    private RecordedForm LargeForm() => RecordedForm.Create(
        new([.. Enumerable.Range(0, _values.Length).Select(EncodedAt)]), null, node!.StoredType, isShared, Forms());

    private RecordedForm Form(object? value)
    {
        if (!IsPlainList)
            return RecordedForm.Create(
                session!.Codec.Encode(value, node!.StoredType), session.Converter.Unwrap(value), node.StoredType, isShared);
        var joined = Joined();
        return RecordedForm.Create(joined, null, node!.StoredType, isShared, isShared || !joined.IsLarge ? Forms() : null);
    }

    // The outputs that say what was lost of their values, and whether they were read from texts. Whoever enumerates them has read the
    // values before, which notes some.
    private IEnumerable<NodeOutput?> Parts()
    {
        foreach (var output in _outputs ?? [])
            yield return output;
        foreach (var noted in _noted ?? [])
            yield return noted;
    }

    private bool IsGiven(int ordinal) => _texts[ordinal].Length != 0 || _outputs?[ordinal] is not null;

    private object? Read(int ordinal)
    {
        if (_outputs?[ordinal] is { } output)
            return output.Read(session!);
        if (!ReferenceEquals(_values[ordinal], Unread))
            return _values[ordinal];
        if (_noted is not null && Sink is { OutputType: null, StoredType: null } && ReadUntyped(ordinal) is { } plain)
            return _values[ordinal] = plain.Value;
        var stored = NodeOutput.Stored(Encoded(_texts[ordinal]), Sink);
        _values[ordinal] = stored.Read(session!);
        if (_noted is null || stored.LostSecret is not null || stored.HasCut)
            (_noted ??= []).Add(stored);
        return _values[ordinal];
    }

    // Most values come back whole and need no conversion; they make no other objects.
    private RestoredValue? ReadUntyped(int ordinal) =>
        session!.Codec.Restore(Texts.At(_texts[ordinal])) is var plain && ReferenceEquals(plain.Facts, ValueFacts.None) ? plain : null;

    private bool IsPlainList =>
        node is { HasElements: true, Settings: { Flatten: false } settings } && elements.Keys is null && IsComplete
        && (settings.OutputType is not { } type || type == typeof(void) || type.IsAssignableFrom(typeof(object?[])));

    private object? Converted(object? value)
    {
        if (node!.Settings.OutputType is not { } type
            || type == typeof(void) || type.IsInstanceOfType(value) || (value is null && !type.IsValueType))
            return value;
        return session!.Converter.TryConvert(value, type, out var converted, out var problem)
            ? converted
            : throw new DagException(
                DagErrorId.DagTypeMismatch, $"The output of node '{node.Label}' cannot be converted to {type}: {problem}", node.Label);
    }

    private object?[] List()
    {
        var results = Enumerable.Range(0, _values.Length).Where(IsGiven).Select(Read);
        return node!.Settings.Flatten ? [.. results.SelectMany(Spliced)] : [.. results];
    }

    // An element that emitted nothing adds nothing.
    private IEnumerable<object?> Spliced(object? result) => session!.Converter.ContentOf(result) switch
    {
        null => [],
        IDictionary => [result],
        var bare when Elements.ItemsOf(bare) is { } items => items.Cast<object?>(),
        _ => [result],
    };

    private OrderedDictionary Dictionary()
    {
        var results = new OrderedDictionary(elements.KeyComparer);
        for (var ordinal = 0; ordinal < _values.Length; ordinal++)
        {
            if (IsGiven(ordinal))
                results.Add(elements.Keys![ordinal], Read(ordinal));
        }

        return results;
    }

    // The elements' own JSON, joined: no value is encoded twice.
    private EncodedValue Joined()
    {
        var json = new JsonTextWriter(int.MaxValue);
        json.Raw('[');
        for (var ordinal = 0; ordinal < _values.Length; ordinal++)
        {
            if (ordinal > 0)
                json.Raw(',');
            if (_outputs?[ordinal] is { } output)
                json.Raw(output.Encoded!);
            else
                json.Raw(Texts.At(_texts[ordinal]).Span);
        }

        json.Raw(']');
        return new(json.ToText(), (_outputs ?? []).Aggregate(
            ValueFacts.None, (facts, output) => output is null ? facts : facts.With(output.Encoded!.Facts)));
    }
}
