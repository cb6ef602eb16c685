using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Everything that is decided about a run before it is opened in the store.</summary>
/// <param name="Dag">The DAG.</param>
/// <param name="Path">The name that the run is kept under.</param>
/// <param name="Open">Opens it in the store; if it waits for a turn, only once the turn has come.</param>
/// <param name="Restore">Takes over the nodes that are done, before the run begins.</param>
internal sealed record PreparedRun(
    CompiledDag Dag, string Path, Func<RunTurn?, RunHandle> Open, Func<RunSession, RunExecution, ValueTask> Restore)
{
    /// <summary>What it does if a run of its name is live.</summary>
    public DagOverlap Overlap { get; init; }

    /// <summary>
    /// Decides again, after a wait for its turn, or if the run that is to go on was removed; <see langword="null"/> if nothing can change.
    /// </summary>
    public Func<PreparedRun>? Again { get; init; }
}
