using System.ComponentModel;
using System.Diagnostics;

namespace Lythonic.Dag.Sqlite;

/// <summary>The process that owns a run: machine, process id and start time, so that a process id that is used again is not mistaken.</summary>
/// <param name="Machine">The machine's name.</param>
/// <param name="ProcessId">The process id.</param>
/// <param name="StartedAt">When the process started, in UTC ticks.</param>
internal sealed record Owner(string Machine, int ProcessId, long StartedAt)
{
    // Start times are read back from the kernel's clock ticks: two readings of one process may differ a little.
    private static readonly long Tolerance = TimeSpan.FromSeconds(1).Ticks;

    /// <summary>This process.</summary>
    public static Owner Current { get; } = OfThisProcess();

    /// <summary>Whether the process is surely gone. On another machine nobody can tell.</summary>
    public bool IsDead()
    {
        if (this == Current)
            return false;
        if (Machine != Current.Machine)
            return false;
        try
        {
            using var process = Process.GetProcessById(ProcessId);
            return Math.Abs(process.StartTime.ToUniversalTime().Ticks - StartedAt) > Tolerance;
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // It ended meanwhile, or it is somebody else's, which this module's process is not on this machine.
            return error is InvalidOperationException;
        }
    }

    private static Owner OfThisProcess()
    {
        using var process = Process.GetCurrentProcess();
        return new(Environment.MachineName, Environment.ProcessId, process.StartTime.ToUniversalTime().Ticks);
    }
}
