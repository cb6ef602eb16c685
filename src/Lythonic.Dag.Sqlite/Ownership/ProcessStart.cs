using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// When a process started, as a number that every process reads the same. On Linux it is the kernel's tick count since boot, combined with
/// the boot's id. A wall-clock time would not do: if the clock is set between two readings, a living process looks like another one.
/// </summary>
internal static class ProcessStart
{
    private const int StateField = 0;
    private const int StartField = 19;

    private static readonly long? LinuxBoot = ReadBoot();

    /// <summary>The start of a process; null if it has ended, also if its parent has not collected it yet.</summary>
    public static long? TimeOf(int processId) => LinuxBoot is { } boot ? OfLinux(processId, boot) : OfOther(processId);

    private static long? OfLinux(int processId, long boot)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            // The name, in parentheses, may itself have spaces and parentheses.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[StateField] is "Z" or "X" or "x"
                ? null
                : boot | uint.Parse(fields[StartField][^Math.Min(9, fields[StartField].Length)..], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? OfOther(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.StartTime.ToUniversalTime().Ticks;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return null;
        }
        catch (Win32Exception)
        {
            // Access is denied, so the process belongs to another user and is not this module's.
            return 0;
        }
    }

    // FNV-1a of the boot id, in the upper half; the sign is left out.
    private static long? ReadBoot()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/proc/self/stat"))
            return null;
        var hash = 2_166_136_261u;
        try
        {
            foreach (var part in Encoding.ASCII.GetBytes(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()))
                hash = unchecked((hash ^ part) * 16_777_619u);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Without the id, starts of two boots are told apart by the count alone.
        }

        return (long)(hash & 0x7FFF_FFFF) << 32;
    }
}
