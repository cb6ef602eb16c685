namespace Lythonic.Dag.Hosting;

/// <summary>
/// Counts the elements of a map that are done, and those of them that were reused. What it keeps is bounded by the elements in flight: of
/// an element that has ended only the counts remain.
/// </summary>
internal sealed class ElementTally
{
    // The sub-runs in flight in which a node has run. Of an element that is reused, no node runs.
    private readonly HashSet<string> _ran = [];

    /// <summary>How many have ended.</summary>
    public int Done { get; private set; }

    /// <summary>How many of those were reused.</summary>
    public int Reused { get; private set; }

    /// <summary>A node of a sub-run has ended.</summary>
    public void NodeEnded(string subRun, NodeStatus status)
    {
        if (status is not (NodeStatus.Skipped or NodeStatus.Omitted))
            _ran.Add(subRun);
    }

    /// <summary>A sub-run has ended that is an element.</summary>
    public void Ended(string subRun)
    {
        Done++;
        if (!_ran.Remove(subRun))
            Reused++;
    }
}
