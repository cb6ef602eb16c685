using System.Collections;
using System.Collections.Specialized;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>The results of a composite node's elements, in their order.</summary>
internal sealed class ElementResults(Elements elements, CompiledNode? node, RunSession? session, bool isShared = false)
{
    private readonly NodeOutput?[] _outputs = new NodeOutput?[elements.Count];
    private readonly LiveValueBudget _kept = new();

    public static ElementResults None { get; } = new(Elements.None, null, null);

    private HashSet<int>? _omitted;

    /// <summary>How many elements are done.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the one element of a node that is not over a list gave nothing, as the sink of its sub-DAG was omitted.</summary>
    public bool IsOmitted => _omitted is not null && node is { Composite.IsOverElements: false };

    private bool IsComplete => Count == _outputs.Length && _omitted is null;

    /// <summary>Whether an element is done.</summary>
    public bool Has(int ordinal) => _outputs[ordinal] is not null || (_omitted is not null && _omitted.Contains(ordinal));

    /// <summary>Adds the result of an element; <see langword="null"/> where the sink of its sub-DAG was omitted.</summary>
    public void Add(int ordinal, NodeOutput? output)
    {
        if (ordinal >= _outputs.Length || Has(ordinal))
            return;
        if (output is null)
            (_omitted ??= []).Add(ordinal);
        else
            _kept.Keep(_outputs[ordinal] = output);
        Count++;
    }

    /// <summary>
    /// The node's output with, where runs are kept, its stored form. Large elements are not brought together before somebody wants them.
    /// </summary>
    public NodeOutput Collect()
    {
        if (session!.Provenance.KeepsRuns && IsPlainList && _outputs.Any(output => output!.Encoded!.IsLarge))
        {
            var list = new EncodedValue([.. _outputs.Select(output => output!.Encoded!)]);
            return NodeOutput.Composed(List, RecordedForm.Create(list, null, node!.StoredType, isShared, Forms()), node, _outputs);
        }

        var isMany = node!.Composite!.IsOverElements;
        var collected = node.Composite.Gather(this);
        var value = Converted(collected);
        if (!session.Provenance.KeepsRuns)
            return NodeOutput.Live(value, null);
        if (!isMany && ReferenceEquals(value, collected))
            return NodeOutput.Made(value, _outputs[0]!.Form!, node, _outputs);
        return NodeOutput.Made(value, Form(value), node, _outputs);
    }

    private RecordedForm Form(object? value)
    {
        if (!IsPlainList)
            return RecordedForm.Create(
                session!.Codec.Encode(value, node!.StoredType), session.Converter.Unwrap(value), node.StoredType, isShared);
        var joined = Joined();
        return RecordedForm.Create(joined, null, node!.StoredType, isShared, isShared || !joined.IsLarge ? Forms() : null);
    }

    private RecordedForm[] Forms() => Array.ConvertAll(_outputs, output => output!.Form!);

    /// <summary>The results of all elements, as a list or by the keys of a dictionary.</summary>
    public object? Collection() => elements.Keys is null ? List() : Dictionary();

    /// <summary>The result of the one element.</summary>
    public object? Only() => _outputs[0]!.Read(session!);

    private bool IsPlainList =>
        node is { Composite.IsOverElements: true, Settings: { Flatten: false } settings } && elements.Keys is null && IsComplete
        && (settings.OutputType is not { } type || type == typeof(void) || type.IsAssignableFrom(typeof(object?[])));

    private object? Converted(object? value)
    {
        if (node!.Settings.OutputType is not { } type
            || type == typeof(void) || type.IsInstanceOfType(value) || (value is null && !type.IsValueType))
            return value;
        return session!.Converter.TryConvert(value, type, out var converted, out var problem)
            ? converted
            : throw new DagException(
                DagErrorId.DagTypeMismatch, $"The output of node '{node.Label}' does not become {type}: {problem}", node.Label);
    }

    private object?[] List()
    {
        var results = _outputs.Where(output => output is not null).Select(output => output!.Read(session!));
        return node!.Settings.Flatten ? [.. results.SelectMany(Spliced)] : [.. results];
    }

    // An element that emitted nothing adds nothing.
    private IEnumerable<object?> Spliced(object? result) => session!.Converter.ContentOf(result) switch
    {
        null => [],
        IDictionary => [result],
        var bare when Elements.IsList(bare) => ((IEnumerable)bare).Cast<object?>(),
        _ => [result],
    };

    private OrderedDictionary Dictionary()
    {
        var results = new OrderedDictionary(elements.KeyComparer);
        for (var ordinal = 0; ordinal < _outputs.Length; ordinal++)
        {
            if (_outputs[ordinal] is { } output)
                results.Add(elements.Keys![ordinal], output.Read(session!));
        }

        return results;
    }

    // The elements' own JSON, joined: no value is encoded twice.
    private EncodedValue Joined()
    {
        var json = new JsonTextWriter(int.MaxValue);
        json.Raw('[');
        foreach (var output in _outputs)
        {
            if (json.Length > 1)
                json.Raw(',');
            json.Raw(output!.Encoded!);
        }

        json.Raw(']');
        return new(json.ToText(), _outputs.Aggregate(ValueFacts.None, (facts, output) => facts.With(output!.Encoded!.Facts)));
    }
}
