using System.Collections;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag;

/// <content>What comes before a restart or a replay: it is checked, and the caller told.</content>
public sealed partial class DagRunner
{
    /// <summary>The nodes that the source input of the options would change, but that a restart or a replay does not run again.</summary>
    /// <param name="runId">The run's whole id.</param>
    /// <param name="rerunNodes">For a replay, the labels of the nodes to run again.</param>
    /// <exception cref="DagException">As for the restart or the replay.</exception>
    internal IReadOnlyList<string> FindUnusedInput(string runId, IEnumerable<string>? rerunNodes = null)
    {
        if (_options.SourceInput is not { } given)
            return [];
        var (stored, dag, done) = PrepareTakeUp(runId, rerunNodes);
        return UnusedInput.Find(dag, done, SourceInputJson.Read(Dag, Provenance.GetSourceInput(stored), _codec), given, _codec, _converter);
    }

    private (StoredRun Run, CompiledDag Dag, IEnumerable<string> Done) PrepareTakeUp(string runId, IEnumerable<string>? rerunNodes)
    {
        if (rerunNodes is null)
        {
            var (stored, dag, _) = PrepareRestart(runId);
            return (stored, dag, Provenance.GetNodeRuns(stored).Where(StoredNodes.IsDone).Select(node => node.Label));
        }

        var (old, replayed, _, reused) = PrepareReplay(runId, rerunNodes);
        return (old, replayed, reused.Values.Select(node => node.Label));
    }

    private StoredRun FindRun(string runId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(runId);
        if (!Provenance.KeepsRuns)
            throw NullProvenance.Required();
        return Provenance.FindRun(runId) ?? throw new DagException(
            DagErrorId.DagRunNotFound, $"There is no run '{runId}' in {Provenance.Location}.", runId, "List the runs with Get-DagRun, or name the database that holds it.");
    }

    private (StoredRun Run, CompiledDag Dag, IDictionary? Input) PrepareRestart(string runId)
    {
        var stored = FindRun(runId);
        if (stored.ParentRunId is { } parent)
            throw NotRestartable(stored, $"is a sub-run of {parent}", "Restart the run that it belongs to.");
        if (stored.Status == DagRunStatus.Completed)
            throw NotRestartable(stored, "is completed", "Run some of its nodes again with Invoke-DagReplay.");
        if (!_options.Force)
            StoredNodes.RequireDag(Dag, stored, "Give the DAG that the run is of, or go on with this one with -Force.");
        var (dag, input) = CompileOver(stored);
        var changed = _options.Force ? [] : StoredNodes.Changed(dag, stored, Provenance);
        if (changed.Count > 0)
            throw new DagException(
                DagErrorId.DagDefinitionChanged,
                $"The run {stored.RunId} cannot go on: completed nodes have changed since they ran, in code, parameters or edges: {LabelList.Of(changed)}.",
                changed[0],
                "Keep their stored outputs with -Force, or run them again with Invoke-DagReplay.");
        input.RequireWhole(dag, () => Provenance.GetNodeRuns(stored).Where(StoredNodes.IsDone).Select(node => node.Label));
        return (stored, dag, input.Values);
    }

    private (StoredRun Run, CompiledDag Dag, IDictionary? Input, IReadOnlyDictionary<int, StoredNodeRun> Reused) PrepareReplay(string runId, IEnumerable<string> rerun)
    {
        var stored = FindRun(runId);
        StoredNodes.RequireDag(Dag, stored, "Give the DAG that the run is of.");
        var (dag, input) = CompileOver(stored);
        var reused = Replay.Reused(dag, Provenance.GetNodeRuns(stored), rerun, _options.IncludeDownstream);
        input.RequireWhole(dag, () => reused.Values.Select(node => node.Label));
        return (stored, dag, input.Values, reused);
    }

    private static DagException NotRestartable(StoredRun run, string why, string action) =>
        new(DagErrorId.DagRunNotRestartable, $"The run {run.RunId} {why}, so it cannot be restarted.", run.RunId, action);
}
