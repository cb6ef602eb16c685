using System.Collections.Specialized;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Export;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Runs;

/// <summary>Makes the run objects that cmdlets write. Their large properties are read from the store on demand.</summary>
internal sealed class RunReader(DagProvenance store, IValueCodec codec)
{
    /// <summary>Whether the runs are listed together with sub-runs, so that the table shows more of each id.</summary>
    public bool IncludesSubRuns { get; init; }

    /// <summary>Makes the object of a run that has just ended in this process. Its outputs are the live objects.</summary>
    public DagRun FromResult(DagRunResult result, Dag dag, DagRunOptions options)
    {
        if (store.KeepsRuns && store.FindRun(result.RunId) is { } stored)
        {
            // Somebody else may have restarted it as soon as it had ended.
            var ended = stored.Status == result.Status ? stored : WithEnd(stored, result);
            return FedDag.IsOf(result.Nodes.Select(node => node.Kind)) ? FromStored(ended) : FromRow(ended, () => result.Outputs);
        }

        var unkept = WithEnd(Begun(result.RunId, dag, result.StartedAt) with { Tags = options.Tags }, result);
        DagNodeRun[] Nodes() => TableView.Mark(
        [
            .. result.Nodes.Select(node => new DagNodeRun(
                node.Status == NodeStatus.Pending ? node with { Status = unkept.OfUnstarted, Error = unkept.WhyUnstarted } : node,
                () => null,
                () => result.Outputs.Contains(node.Label) ? result.Outputs[node.Label] : null,
                () => node.Messages,
                () => [])),
        ]);
        return TableView.Mark(
            new DagRun(unkept, null, () => result.Outputs, () => options.SourceInput, Nodes), isAmongSubRuns: false);
    }

    /// <summary>Makes the object of a run that is in progress. Its properties show the state at the time they are read.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="dag">Its DAG.</param>
    /// <param name="startedAt">When it began.</param>
    /// <param name="ended">Returns the result once the run has ended; <see langword="null"/> until then.</param>
    public DagRun FromLive(string runId, Dag dag, DateTimeOffset startedAt, Func<DagRunResult?> ended)
    {
        var begun = Begun(runId, dag, startedAt);
        var first = new DagRun(begun, null, () => new OrderedDictionary(), () => null, () => []);
        return new(begun, store.Location, () => new OrderedDictionary(), () => null, () => [])
        {
            Latest = () => store.KeepsRuns
                ? store.FindRun(runId) is { } stored ? FromStored(stored) : first
                : ended() is { } result ? FromResult(result, dag, new DagRunOptions()) : first,
        };
    }

    /// <summary>Makes the object of a stored run.</summary>
    public DagRun FromStored(StoredRun run) => FromRow(run, () => Outputs(run));

    private static StoredRun Begun(string runId, Dag dag, DateTimeOffset startedAt) =>
        new(default, runId, dag.Name, dag.Name, DagRunStatus.Running, startedAt, null)
        {
            StartedBy = RunStarter.Name,
            StartedIn = RunStarter.ProcessId,
            Description = dag.Description,
        };

    private static StoredRun WithEnd(StoredRun run, DagRunResult result) => run with
    {
        Status = result.Status,
        FinishedAt = result.FinishedAt,
        FailedNode = result.FailedNode,
        Error = result.Error,
        Errors = result.Errors,
    };

    private DagRun FromRow(StoredRun stored, Func<OrderedDictionary> outputs)
    {
        var run = new DagRun(
            stored,
            store.Location,
            () => UnreadableValueException.Or($"output of the run {stored.RunId}", outputs),
            () => UnreadableValueException.Or(
                $"source input of the run {stored.RunId}", () => SourceInputJson.Read(store.GetSourceInputUtf8(stored), codec)),
            () => Nodes(stored))
        {
            ReadElementName = stored.ParentRunId is null ? null : () => ElementName.Of(store, stored),
            ReadReplay = stored.ParentRunId is null && (stored.Errors.All > 0 || stored.Status == DagRunStatus.Failed)
                ? () => store.FindReplay(stored)
                : null,
        };
        return TableView.Mark(run, IncludesSubRuns || stored.ParentRunId is not null);
    }

    private OrderedDictionary Outputs(StoredRun run)
    {
        var outputs = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        var all = store.GetNodeRuns(run);
        if (FedOf(run, all) is { } fed)
            return fed.Outputs(all);
        var nodes = all.Where(NodeRestoration.IsDone).ToDictionary(node => node.Label, StringComparer.OrdinalIgnoreCase);
        foreach (var label in run.SinkLabels)
        {
            if (nodes.TryGetValue(label, out var node) && store.GetOutput(node) is { } output)
                outputs[label] = codec.Restore(store.GetUtf8(output)).Value;
        }

        return outputs;
    }

    // A node that has not started has no row, so the stored shape of the DAG says that it exists. A node that ran may be missing from the
    // shape, if the DAG was changed before a restart. In a completed run no node will start any more, and the shape is not needed. (A
    // reused sub-run has a row for its sink only.)
    private DagNodeRun[] Nodes(StoredRun run)
    {
        var started = store.GetNodeRuns(run);
        var fed = FedOf(run, started);
        var byLabel = started.ToDictionary(node => node.Label, StringComparer.OrdinalIgnoreCase);
        var defined = run.Status == DagRunStatus.Completed ? [] : store.GetDefinition(run)?.Nodes ?? [];
        var labels = defined.Select(node => node.Label).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return TableView.Mark(
        [
            .. defined.Select(node => byLabel.TryGetValue(node.Label, out var found) ? Node(run, found, fed) : NotStarted(run, node)),
            .. started.Where(node => !labels.Contains(node.Label)).Select(node => Node(run, node, fed)),
        ]);
    }

    private DagNodeRun Node(StoredRun run, StoredNodeRun node, FedValues? fed) => new(
        NodeRestoration.ResultOf(new StoppedNode(store).Told(run, node)),
        () => UnreadableValueException.Or(
            $"input of the node '{node.Label}' of the run {run.RunId}",
            () => fed is null ? SourceInputJson.Read(store.GetInputUtf8(node), codec) : fed.InputOf(node)),
        () => UnreadableValueException.Or(
            $"output of the node '{node.Label}' of the run {run.RunId}", () => fed is null ? OutputOf(node) : fed.OutputOf(node)),
        () => MessageJson.Read(store.GetMessages(node)),
        () => [.. store.GetSubRuns(run, node.Label).Select(FromStored)]);

    private static DagNodeRun NotStarted(StoredRun run, NodeDefinition node) => new(
        new NodeResult(node.Label, node.Kind, run.OfUnstarted, 0, null, null, run.WhyUnstarted),
        () => null, () => null, () => [], () => []);

    private object? OutputOf(StoredNodeRun node) =>
        store.GetOutput(node) is { } output ? codec.Restore(store.GetUtf8(output)).Value : null;

    // In a run of Invoke-DagMap, inputs and outputs are stored with the elements only, and are put together from them.
    private FedValues? FedOf(StoredRun run, IEnumerable<StoredNodeRun> nodes) =>
        FedDag.IsOf(nodes.Select(node => node.Kind)) ? new(store, codec, run) : null;
}
