using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>The maps of which a replay runs the elements that did not complete, and the runs that have the others, by position.</summary>
/// <param name="runs">Where the sub-runs of each map are.</param>
internal sealed class FailedElements(IReadOnlyDictionary<int, StoredRun> runs)
{
    /// <summary>The labels of the maps of a run with elements that did not complete.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagRunNotRestartable"/>: there are none.</exception>
    public static string[] MapsOf(StoredRun run, DagProvenance provenance)
    {
        string[] maps = [.. provenance.GetNodeRuns(run)
            .Where(node => node.Kind == NodeKind.Map && (node.Errors.Failed > 0 || HasStopped(node.Status)))
            .Select(node => node.Label)];
        return maps.Length > 0 ? maps : throw new DagException(
            DagErrorId.DagRunNotRestartable,
            $"The run {run.RunId} has no map with elements that did not complete, so there is nothing to run.",
            run.RunId,
            "Name the nodes to run again.");
    }

    private static bool IsMap(CompiledNode node) => node is { HasElements: true, SubDags: not null };

    private static bool HasStopped(NodeStatus status) =>
        status is NodeStatus.Failed or NodeStatus.Cancelled or NodeStatus.Paused or NodeStatus.Running or NodeStatus.Waiting;

    /// <summary>Finds the runs that have the sub-runs of the named maps: a replay that took over a map has none of its own.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagTypeMismatch"/>: a node that is named is no map.</exception>
    public static FailedElements Find(CompiledDag dag, StoredRun run, IReadOnlyList<string> labels, DagProvenance provenance)
    {
        var runs = new Dictionary<int, StoredRun>();
        foreach (var index in labels.Select(label => dag.Graph.IndexOf(label)))
        {
            var node = dag.Nodes[index];
            if (!IsMap(node))
                throw new DagException(
                    DagErrorId.DagTypeMismatch,
                    $"The node '{node.Label}' is not a map, so it has no elements that failed.",
                    node.Label,
                    "Name only maps, or run the whole node again.");
            runs[index] = WithSubRuns(run, node.Label, provenance);
        }

        return new(runs);
    }

    /// <summary>As <see cref="Find"/>, of those nodes that are maps.</summary>
    public static FailedElements OfMaps(CompiledDag dag, StoredRun run, IEnumerable<string> labels, DagProvenance provenance) =>
        Find(dag, run, [.. labels.Where(label => IsMap(dag.Nodes[dag.Graph.IndexOf(label)]))], provenance);

    /// <summary>
    /// Requires that there is something to run. There is nothing if the run completed, and in it each named map with all its elements.
    /// </summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagRunNotRestartable"/>: nothing failed.</exception>
    public void RequireAny(CompiledDag dag, StoredRun run, DagProvenance provenance)
    {
        if (run.Status != DagRunStatus.Completed)
            return;
        var labels = runs.Keys.Select(index => dag.Nodes[index].Label).ToList();
        var done = provenance.GetNodeRuns(run)
            .Where(node => node.Status is NodeStatus.Completed or NodeStatus.Skipped)
            .Select(node => node.Label)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!labels.TrueForAll(done.Contains)
            || runs.Any(map => provenance.GetSubRuns(map.Value, dag.Nodes[map.Key].Label, unfinished: true).Any()))
            return;
        throw new DagException(
            DagErrorId.DagRunNotRestartable,
            $"Nothing failed in {LabelList.Join(labels)} of the run {run.RunId}, so there is nothing to run.",
            run.RunId,
            "To run all elements again, replay the whole node.");
    }

    /// <summary>The plan of a map whose elements are known: how many of them run.</summary>
    /// <param name="run">The new run as it would begin.</param>
    /// <param name="node">A node that runs.</param>
    /// <param name="planned">Its plan so far.</param>
    public PlannedNode Plan(RunExecution run, CompiledNode node, PlannedNode planned)
    {
        if (!runs.TryGetValue(node.Index, out var from) || !run.HasOutput(node.Upstreams[0]))
            return planned;
        try
        {
            var upstream = run.Output(node.Upstreams[0]);
            var elements = node.Composite!.Draw(node, upstream.ReadAs(run.Session, node.ExpectedInputType), run.Session, upstream);
            var owners = new SubRunOwners(run, from, node, elements, upstream);
            owners.AddCompleted(new ElementResults(elements, node, run.Session).Texts);
            var open = elements.Count - owners.Assign().Count(owned => node.SubDags!.ForBranch(owned.SubRun.Branch) is not null);
            return planned with { Reason = $"{planned.Reason}: {open} of its {elements.Count} elements did not complete" };
        }
        catch (DagException error)
        {
            return planned with { Reason = $"{planned.Reason}; its elements cannot be read: {error.Message}" };
        }
    }

    /// <summary>Takes over the elements of a map that completed, each as a sub-run of the new run with the output of its sink.</summary>
    /// <param name="run">The new run.</param>
    /// <param name="node">The map.</param>
    /// <param name="elements">Its elements now.</param>
    /// <param name="upstream">What they come from.</param>
    /// <param name="results">Gets the outputs. It may have some already, if the new run goes on.</param>
    /// <param name="begun">The sub-runs of the new run that have begun.</param>
    public void TakeOver(
        RunExecution run, CompiledNode node, Elements elements, NodeOutput upstream, ElementResults results, StoredElements begun)
    {
        if (!runs.TryGetValue(node.Index, out var from))
            return;
        var owners = new SubRunOwners(run, from, node, elements, upstream);
        owners.AddCompleted(results.Texts);
        var ranIn = RanIn(from, node, run.Session.Provenance);
        foreach (var (ordinal, subRun) in owners.Assign())
        {
            var open = begun.Unfinished(ordinal);
            if (results.Has(ordinal) || HasRun(open, run.Session.Provenance) || node.SubDags!.ForBranch(subRun.Branch) is not { } dag)
                continue;
            var origin = ranIn.GetValueOrDefault(subRun.Key, from.RunId);
            Record(run, node, elements.At(ordinal), dag, results.OutputOf(subRun), subRun.Branch, origin, open);
            results.Add(ordinal, subRun, dag.Sink);
        }
    }

    // The runs in which the code of elements ran that the stored run took over itself.
    private static Dictionary<StoreKey, string> RanIn(StoredRun from, CompiledNode node, DagProvenance provenance) =>
        from.ReplayedFrom is null && !node.Settings.Reuse
            ? []
            : provenance.GetSubRuns(from, node.Label)
                .Where(subRun => !string.IsNullOrEmpty(subRun.ReusedFrom))
                .ToDictionary(subRun => subRun.Key, subRun => subRun.ReusedFrom!);

    // Whether a sub-run that did not complete was begun to run the element. A node that the process was about to take over is recorded as
    // stopped.
    private static bool HasRun(StoredRun? begun, DagProvenance provenance) => begun is not null && provenance.GetNodeRuns(begun).Any(
        node => node.Status is NodeStatus.Completed or NodeStatus.Failed or NodeStatus.Paused or NodeStatus.Waiting);

    private static void Record(
        RunExecution run, CompiledNode node, MapElement element, CompiledDag dag, EncodedValue? output, string? branch, string ranIn,
        StoredRun? begun)
    {
        var (provenance, now) = (run.Session.Provenance, run.Session.Now());
        var path = $"{run.Path}/{node.Label}[{element.Key}]";
        if (begun is not null)
        {
            // Its process died while it took the element over.
            var left = provenance.ResumeRun(begun, run.Handle, dag.Definition);
            var sink = provenance.GetNodeRuns(begun)
                .FirstOrDefault(stored => stored.Label.Equals(dag.Sink.Label, StringComparison.OrdinalIgnoreCase));
            if (sink is null || !NodeRestoration.IsDone(sink))
                RecordSink(provenance, left, dag, (sink?.Attempt ?? 0) + 1, output, ranIn, now);
            provenance.EndRun(left, new RunEnd(DagRunStatus.Completed, now));
            return;
        }

        var handle = provenance.CreateRun(new RunStart(RunIds.OfSubRun(now), path, dag.Definition, now)
        {
            Parent = run.Handle,
            ParentNode = node.Label,
            ElementKey = element.Key,
            ElementId = element.Id,
            Ordinal = element.Ordinal,
            Branch = branch,
        });
        RecordSink(provenance, handle, dag, 1, output, ranIn, now);
        provenance.EndRun(handle, new RunEnd(DagRunStatus.Completed, now));
    }

    private static void RecordSink(
        DagProvenance provenance, RunHandle handle, CompiledDag dag, int attempt, EncodedValue? output, string ranIn, DateTimeOffset now)
    {
        var sink = provenance.StartNode(handle, new NodeStart(dag.Sink.Index, attempt, now, null));
        provenance.EndNode(sink, output is null
            ? new NodeEnd(NodeStatus.Omitted, now)
            : new NodeEnd(NodeStatus.Skipped, now, output) { ReusedFrom = ranIn });
    }

    private static StoredRun WithSubRuns(StoredRun run, string label, DagProvenance provenance)
    {
        bool WasTakenOver(StoredRun candidate) => provenance.GetNodeRuns(candidate).Any(
            node => node.Status == NodeStatus.Skipped && node.Label.Equals(label, StringComparison.OrdinalIgnoreCase));
        while (WasTakenOver(run) && run.ReplayedFrom is { } before && provenance.FindRun(before) is { } older)
            run = older;
        return run;
    }
}
