using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>The errors of the sub-runs of a composite node, and how often they were tried. Under the session's lock.</summary>
internal sealed class CompositeTally(CompositeExecution composite)
{
    private readonly CompiledNode _node = composite.Node;
    private ErrorSum _errors;

    /// <summary>The errors of its sub-runs, and its elements that failed.</summary>
    public ErrorCounts Errors => _node.HasElements && composite.Failures.Count > 0
        ? _errors.Total + new ErrorCounts(composite.Failures.Count, composite.Failures.Count, composite.Work.Count)
        : _errors.Total;

    /// <summary>How many of these are elements that make the node fail: its own, or those that made its only sub-run fail.</summary>
    public int Causes => _node.HasElements ? composite.Failures.Count : _errors.Causes;

    /// <summary>The first of these errors, with its element; <see langword="null"/> if there is none.</summary>
    public string? FirstError => _errors.First;

    /// <summary>How many elements that have ended were tried more than once.</summary>
    public int Retried { get; private set; }

    /// <summary>Begins anew, for another attempt of the node. The errors stay: those of an element count until it ends again.</summary>
    public void Reset() => Retried = 0;

    /// <summary>Adds a sub-run that has ended.</summary>
    public void Add(RunExecution child, DagRunStatus status)
    {
        var element = child.Element!;
        if (_node.HasElements && (child.Retries > 0 || HasTriedAgain(child)))
            Retried++;
        // An element that failed counts once, and not again for the elements inside it that made it fail.
        var causes = status == DagRunStatus.Failed ? child.Tally.Causes : 0;
        var errors = new ErrorCounts(child.Errors.All - (_node.HasElements ? causes : 0));
        var first = child.FirstError is { } text ? Placed(ErrorPlace.InElement(_node.Label, element.Key, text), element.Key) : null;
        if (composite.Feed is null)
            _errors.Set(element.Ordinal, errors, first, _node.HasElements ? 0 : causes);
        else
            _errors.Merge(element.Ordinal, errors, first);
    }

    /// <summary>Adds the errors of the sub-runs of a stored run that completed.</summary>
    public void TakeOver(StoredRun stored)
    {
        var (before, first) = composite.Run.Session.Provenance.GetSubRunErrors(stored, _node.Label);
        // Position -1 keeps them apart from the errors of this process, whatever the positions are now.
        _errors.Set(-1, before, _node.HasElements ? first : Placed(first, first?[(_node.Label.Length + 1)..].Split(']')[0]));
    }

    /// <summary>How many attempts were made of the node that a sub-run failed by.</summary>
    public static int AttemptsOfFailed(RunExecution child) =>
        Array.Find(child.Dag.Nodes, node => node.Label == child.FailedNode) is { } failed ? child.Tally.Attempts(failed.Index) : 0;

    private static bool HasTriedAgain(RunExecution child) => Array.Exists(child.Dag.Nodes, node => child.Tally.Attempts(node.Index) > 1);

    // The only sub-run of a call is known by the label of its node, and so is the branch of a switch, as in the error of one that failed.
    private string? Placed(string? error, string? key) =>
        error is null || _node.HasElements ? error : $"{_node.Label}{error[(_node.Label.Length + key!.Length + 2)..]}";
}
