using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>The sub-run of an element that takes over the output of another one: it is recorded, and nothing of it runs.</summary>
/// <param name="composite">The map.</param>
internal sealed class ReusedElement(CompositeExecution composite)
{
    private readonly RunExecution _run = composite.Run;
    private readonly CompiledNode _node = composite.Node;
    private readonly RunSession _session = composite.Run.Session;

    /// <summary>The reuse of the elements of a composite node; <see langword="null"/> where it has none.</summary>
    public static ReusedElement? For(CompositeExecution composite) =>
        composite.Node.Settings.Reuse && composite.Kind.IsOverElements && composite.Run.Session.Provenance.KeepsRuns
            ? new(composite)
            : null;

    /// <summary>
    /// Looks for an output that the element can take over, posts its sub-run, and tells the map. What has begun already goes on itself.
    /// </summary>
    /// <param name="element">The element.</param>
    /// <param name="place">The place that was chosen for it; or <see langword="null"/>.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryTake(MapElement element, HostPlace? place)
    {
        if (composite.Stored.Unfinished(element.Ordinal) is not null
            || SubRunReuse.Compare(_run, _node, element, place) is not { } reuse)
            return false;
        if (reuse.Found is { } found && _node.SubDags!.ForBranch(found.Branch) is { } dag)
        {
            Take(element, reuse, dag, place);
            return true;
        }

        element.Reuse = reuse;
        return false;
    }

    private void Take(MapElement element, SubRunReuse reuse, CompiledDag dag, HostPlace? place)
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
        var sink = new TakenNode(
            Start(dag.Sink, now, isOne ? reuse : null),
            new NodeEnd(NodeStatus.Skipped, now, found.Output) { ReusedFrom = found.RanIn, Reuse = reuse.Again });
        _session.Provenance.RecordTaken(
            start,
            isOne ? [sink] : [new(Start(dag.Source, now, reuse), new NodeEnd(NodeStatus.Skipped, now)), sink],
            new RunEnd(DagRunStatus.Completed, now));
        _session.Observer?.RunEnded(start.RunId, DagRunStatus.Completed);
        composite.Reused(element, NodeOutput.Stored(found.Output, dag.Sink), place);
    }

    private static NodeStart Start(CompiledNode node, DateTimeOffset now, SubRunReuse? given) =>
        new(node.Index, 1, now, given?.InputsOf(node));
}
