using System.Diagnostics;

namespace Lythonic.Dag.Sqlite;

/// <summary>The process that owns a run: machine, process id and start, so that a process id that is used again is not mistaken.</summary>
/// <param name="Machine">The machine's name.</param>
/// <param name="ProcessId">The process id.</param>
/// <param name="StartedAt">What <see cref="ProcessStart"/> says of it.</param>
internal sealed record Owner(string Machine, int ProcessId, long StartedAt)
{
    /// <summary>This process, which does not change while it lives.</summary>
    public static Owner Current { get; } = new(Environment.MachineName, Environment.ProcessId, ProcessStart.Of(Environment.ProcessId) ?? 0);

    /// <summary>Whether it is a process on another machine.</summary>
    public bool IsElsewhere => Machine != Current.Machine;

    /// <summary>Whether the process is gone. On another machine nobody can tell: there it counts as alive.</summary>
    public bool HasEnded => this != Current && !IsElsewhere && ProcessStart.Of(ProcessId) != StartedAt;

    /// <inheritdoc/>
    public override string ToString() => $"process {ProcessId} on {Machine}";

    /// <summary>Whether a run that says it is running is not: its process is gone, or is this one and no longer works on it.</summary>
    /// <param name="rootRunId">The id of the root run.</param>
    public bool HasLeft(string rootRunId)
    {
        if (this == Current)
            return !LiveRuns.Contains(rootRunId);
        // A process on another machine cannot be checked.
        return !IsElsewhere && ProcessStart.Of(ProcessId) != StartedAt;
    }
}
