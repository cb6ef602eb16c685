using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>The sub-run of an element that reuses the output of another one. It is recorded, and none of its nodes runs.</summary>
/// <param name="composite">The map.</param>
internal sealed class ReusedElement(CompositeExecution composite)
{
    private readonly RunExecution _run = composite.Run;
    private readonly CompiledNode _node = composite.Node;
    private readonly RunSession _session = composite.Run.Session;

    /// <summary>The reuse of the elements of a composite node; <see langword="null"/> if its elements are not reused.</summary>
    public static ReusedElement? For(CompositeExecution composite) =>
        composite.Node.Settings.Reuse && composite.Node.HasElements && composite.Run.Session.Provenance.KeepsRuns
            ? new(composite)
            : null;

    /// <summary>
    /// Looks for an output that the element can take over, posts its sub-run, and tells the map. A sub-run that began before and did not
    /// complete takes it over too: its attempts stay as they were.
    /// </summary>
    /// <param name="element">The element.</param>
    /// <param name="place">The place that was chosen for it; or <see langword="null"/>.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryTake(MapElement element, HostPlace? place)
    {
        if (SubRunReuse.Compare(_run, _node, element, place) is not { } reuse)
            return false;
        var begun = composite.Stored.Unfinished(element.Ordinal);
        var nodes = begun is null ? [] : _session.Provenance.GetNodeRuns(begun);
        if (reuse.Found is { } found && _node.SubDags!.ForBranch(found.Branch) is { } dag && !IsDone(dag.Sink, nodes))
        {
            // An output of another branch cannot be used in this one.
            if (begun?.Branch is { } other && !other.Equals(found.Branch, StringComparison.OrdinalIgnoreCase))
                begun = null;
            if (begun is null)
                Begin(element, reuse, dag, place);
            else
                GoOn(begun, nodes, element, reuse, dag, place);
            return true;
        }

        // The completed nodes of the sub-run ran the code as it was then. It goes on with the present code only if the user forces that.
        if (!nodes.Any(NodeRestoration.IsDone))
            element.Reuse = reuse;
        return false;
    }

    private static bool IsDone(CompiledNode node, IEnumerable<StoredNodeRun> nodes) =>
        Before(node, nodes) is { } before && NodeRestoration.IsDone(before);

    private static StoredNodeRun? Before(CompiledNode node, IEnumerable<StoredNodeRun> nodes) =>
        nodes.FirstOrDefault(before => before.Label.Equals(node.Label, StringComparison.OrdinalIgnoreCase));

    // Goes on with the sub-run, whose source and sink get one more attempt each, in which nothing ran.
    private void GoOn(
        StoredRun begun, IReadOnlyList<StoredNodeRun> nodes, MapElement element, SubRunReuse reuse, CompiledDag dag, HostPlace? place)
    {
        var (now, found, provenance) = (_session.Now(), reuse.Found!, _session.Provenance);
        var handle = provenance.ResumeRun(
            begun with { Branch = found.Branch }, _run.Handle, ChangedNodes.DefinitionOf(dag, begun, provenance));
        _session.Observer?.RunStarted(begun.RunId, begun.Path, dag.Nodes.Length, _run.Handle.RunId);
        NodeRunHandle Start(CompiledNode node, SubRunReuse? given) => provenance.StartNode(
            handle, new NodeStart(node.Index, (Before(node, nodes)?.Attempt ?? 0) + 1, now, given?.InputsOf(node)));
        var isOne = dag.Source.Index == dag.Sink.Index;
        if (!isOne && !IsDone(dag.Source, nodes))
            provenance.EndNode(Start(dag.Source, reuse), new NodeEnd(NodeStatus.Skipped, now));
        provenance.EndNode(
            Start(dag.Sink, isOne ? reuse : null),
            new NodeEnd(NodeStatus.Skipped, now, found.Output) { ReusedFrom = found.RanIn, Reuse = reuse.Again });
        provenance.EndRun(handle, new RunEnd(DagRunStatus.Completed, now));
        _session.Observer?.RunEnded(begun.RunId, DagRunStatus.Completed);
        composite.Reused(element, NodeOutput.Stored(found.Output, dag.Sink), place);
    }

    private void Begin(MapElement element, SubRunReuse reuse, CompiledDag dag, HostPlace? place)
    {
        var found = reuse.Found!;
        var (now, path) = (_session.Now(), $"{_run.Path}/{_node.Label}[{element.Key}]");
        var start = new RunStart(RunIds.OfSubRun(now), path, dag.Definition, now)
        {
            Parent = _run.Handle,
            ParentNode = _node.Label,
            ElementKey = element.Key,
            ElementId = element.Id,
            Ordinal = element.Ordinal,
            Branch = found.Branch,
        };
        _session.Observer?.RunStarted(start.RunId, path, dag.Nodes.Length, _run.Handle.RunId);
        var isOne = dag.Source.Index == dag.Sink.Index;
        var sink = new ReusedNode(
            Start(dag.Sink, now, isOne ? reuse : null),
            new NodeEnd(NodeStatus.Skipped, now, found.Output) { ReusedFrom = found.RanIn, Reuse = reuse.Again });
        _session.Provenance.RecordReused(
            start,
            isOne ? [sink] : [new(Start(dag.Source, now, reuse), new NodeEnd(NodeStatus.Skipped, now)), sink],
            new RunEnd(DagRunStatus.Completed, now));
        _session.Observer?.RunEnded(start.RunId, DagRunStatus.Completed);
        composite.Reused(element, NodeOutput.Stored(found.Output, dag.Sink), place);
    }

    private static NodeStart Start(CompiledNode node, DateTimeOffset now, SubRunReuse? given) =>
        new(node.Index, 1, now, given?.InputsOf(node));
}
