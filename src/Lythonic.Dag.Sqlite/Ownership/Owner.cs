using System.Diagnostics;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// The process that owns a run: machine, process id and start time. The start time tells it from a later process with the same id.
/// </summary>
/// <param name="Machine">The machine's name.</param>
/// <param name="ProcessId">The process id.</param>
/// <param name="StartedAt">Its start, as <see cref="ProcessStart"/> reads it.</param>
internal sealed record Owner(string Machine, int ProcessId, long StartedAt)
{
    /// <summary>This process, which does not change while it lives.</summary>
    public static Owner Current { get; } =
        new(Environment.MachineName, Environment.ProcessId, ProcessStart.TimeOf(Environment.ProcessId) ?? 0);

    /// <summary>Whether it is a process on another machine.</summary>
    public bool IsElsewhere => Machine != Current.Machine;

    /// <summary>Whether the process has ended. A process on another machine counts as alive, because nobody can check it.</summary>
    public bool HasEnded => this != Current && !IsElsewhere && ProcessStart.TimeOf(ProcessId) != StartedAt;

    /// <inheritdoc/>
    public override string ToString() => $"process {ProcessId} on {Machine}";

    /// <summary>
    /// Whether a run that is marked as running is abandoned: its process has ended, or is this one and no longer works on it.
    /// </summary>
    /// <param name="rootRunId">The id of the root run.</param>
    public bool HasLeft(string rootRunId)
    {
        if (this == Current)
            return !LiveRuns.Contains(rootRunId);
        // A process on another machine cannot be checked.
        return !IsElsewhere && ProcessStart.TimeOf(ProcessId) != StartedAt;
    }
}
