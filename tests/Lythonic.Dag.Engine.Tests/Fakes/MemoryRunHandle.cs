using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>The handle of a run in the store in memory.</summary>
internal sealed class MemoryRunHandle(MemoryRun run, int process, MemoryRunHandle? parent = null) : RunHandle(run.RunId)
{
    public MemoryRun Run { get; } = run;

    public int Process { get; } = process;

    /// <summary>Whether its end was posted.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whether its end, or the end of a run around it, was posted, so that later records are ignored.</summary>
    public bool IsOver => IsClosed || parent is { IsOver: true };
}
