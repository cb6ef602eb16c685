using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag;

/// <content>What a caller is to be told before a restart or a replay.</content>
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
}
