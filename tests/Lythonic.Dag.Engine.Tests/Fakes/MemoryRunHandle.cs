using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>What a run of the store in memory is written by.</summary>
internal sealed class MemoryRunHandle(MemoryRun run, int process, MemoryRunHandle? parent = null) : RunHandle(run.RunId)
{
    public MemoryRun Run { get; } = run;

    public int Process { get; } = process;

    /// <summary>Whether its end was posted.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whether its end, or the end of a run that it is in, was posted: what comes now is late.</summary>
    public bool IsOver => IsClosed || parent is { IsOver: true };
}
