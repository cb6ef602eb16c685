using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>The composite nodes of a run that are in flight, and what earlier attempts left of others. Under the session's lock.</summary>
internal sealed class RunComposites(RunExecution run)
{
    private readonly List<CompositeExecution> _inFlight = [];
    private Dictionary<int, CompositeExecution>? _unfinished;

    /// <summary>Begins a composite node, or goes on with what an earlier attempt of the run left of it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="attempt">The attempt that has begun already, as its condition was asked in it; or <see langword="null"/>.</param>
    public void Begin(CompiledNode node, int? attempt)
    {
        if (_unfinished is null || !_unfinished.Remove(node.Index, out var composite))
            composite = new CompositeExecution(run, node);
        _inFlight.Add(composite);
        composite.Begin(attempt);
    }

    /// <summary>Removes a composite node that ended.</summary>
    /// <param name="composite">The node.</param>
    /// <param name="isKept">Whether another attempt of the run may go on with what it left.</param>
    public void Remove(CompositeExecution composite, bool isKept)
    {
        _inFlight.Remove(composite);
        if (isKept)
            (_unfinished ??= [])[composite.Node.Index] = composite;
    }

    /// <summary>Looks again whether they can end, after something said that no more nodes start.</summary>
    public void EndIfHalted()
    {
        foreach (var composite in _inFlight)
            composite.EndIfHalted();
    }

    /// <inheritdoc cref="RunExecution.Abandon"/>
    public bool Abandon()
    {
        var inside = false;
        foreach (var composite in _inFlight)
            inside |= composite.Abandon();
        return inside;
    }
}
