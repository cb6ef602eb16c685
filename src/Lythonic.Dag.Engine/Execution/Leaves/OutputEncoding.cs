using System.Runtime.ExceptionServices;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The stored form of a node's output, made once. The thread that ran the node makes it, if the invoker allows that: live objects have most
/// of their properties there.
/// </summary>
internal sealed class OutputEncoding(RunExecution run, CompiledNode node, ValueWarnings warnings)
{
    private bool _isMade;
    private object? _value;
    private ExceptionDispatchInfo? _failure;

    /// <summary>The whole output.</summary>
    public RecordedForm? Whole { get; private set; }

    /// <summary>The elements that a map takes from it and that are stored as values of their own; or <see langword="null"/>.</summary>
    public IReadOnlyDictionary<int, RecordedForm>? Elements { get; private set; }

    /// <summary>Makes it of an output. An error is thrown only when the form is asked for.</summary>
    public void Make(object? value)
    {
        _isMade = true;
        _value = value;
        _failure = null;
        try
        {
            Encode(value);
        }
        catch (Exception error)
        {
            _failure = ExceptionDispatchInfo.Capture(error);
        }
    }

    /// <summary>Makes it, if it is not made yet.</summary>
    /// <exception cref="ValueNotStorableException">The output cannot be stored.</exception>
    public void Require(object? value)
    {
        if (!_isMade || !ReferenceEquals(_value, value))
            Make(value);
        _failure?.Throw();
    }

    private void Encode(object? value)
    {
        var encoded = run.Session.Codec.Encode(value, node.OutputType);
        if (encoded.Facts.Cuts > 0)
            warnings.OfCuts($"the output of node '{node.Label}'", encoded.Facts);
        var (bare, isShared) = (run.Session.Converter.Unwrap(value), run.IsShared(node));
        // A list that a map takes apart is stored element by element: the elements are the inputs of sub-runs.
        var isTakenApart = encoded.LargeElements is not null
            && node.Downstreams.Any(downstream => run.Dag.Nodes[downstream].HasElements);
        if (!isTakenApart || ListSplitter.Split(encoded) is not { } cut)
        {
            Whole = RecordedForm.Create(encoded, bare, node.OutputType, isShared);
            Elements = null;
            return;
        }

        Whole = new RecordedForm(cut.Whole, node.OutputType, RecordedForm.FingerprintOf(encoded, isShared), isShared);
        // In a typed list, elements may lack the tags that they have alone.
        var isComparable = isShared && node.OutputType is null && bare is object[];
        Elements = cut.Large.ToDictionary(
            part => part.Key,
            part => new RecordedForm(
                part.Value, null, isComparable ? RecordedForm.FingerprintOf(part.Value, isShared) : null, isShared));
    }
}
