using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>All that is decided of a run before it is opened in the store.</summary>
/// <param name="Dag">The DAG.</param>
/// <param name="Path">The name that the run is kept under.</param>
/// <param name="Open">Opens it in the store; with a turn, only where that has come.</param>
/// <param name="Restore">Takes over what is done, before the run begins.</param>
internal sealed record PreparedRun(
    CompiledDag Dag, string Path, Func<RunTurn?, RunHandle> Open, Func<RunSession, RunExecution, ValueTask> Restore)
{
    /// <summary>What it does where a run of its name is live.</summary>
    public DagOverlap Overlap { get; init; }

    /// <summary>Decides again, after a wait for its turn; <see langword="null"/> where that changes nothing.</summary>
    public Func<PreparedRun>? Again { get; init; }

    /// <summary>What is said as it begins, for people; or <see langword="null"/>.</summary>
    public string? Warning { get; init; }
}
