using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Lythonic.Dag.Transport;

/// <summary>
/// Kills a process and all that it started. The framework's own way stops each process before it looks for those below it, and looks
/// through all processes of the machine: if this process were killed meanwhile, they would stay stopped for ever. Linux names the children
/// of a process in <c>/proc</c>, so there the processes are found first and then killed, without a stop. What a process starts at that very
/// moment is missed.
/// </summary>
internal static class ProcessTree
{
    /// <summary>Kills a process and all that it started.</summary>
    /// <param name="process">The process.</param>
    /// <exception cref="Win32Exception">A process belongs to somebody else.</exception>
    /// <exception cref="InvalidOperationException">The process has ended.</exception>
    /// <exception cref="AggregateException">Several processes could not be killed.</exception>
    public static void Kill(Process process)
    {
        if (!File.Exists("/proc/thread-self/children"))
        {
            process.Kill(entireProcessTree: !PendingKills.IsExiting);
            return;
        }

        var below = new List<int>();
        AddBelow(process.Id, below);
        process.Kill();
        foreach (var id in below)
            Kill(id);
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended, or belongs to somebody else.
        }
    }

    // Children are named by the thread that started them: https://man7.org/linux/man-pages/man5/proc_tid_children.5.html.
    private static void AddBelow(int id, List<int> below)
    {
        try
        {
            foreach (var thread in Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/task")))
            {
                foreach (var child in File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    below.Add(int.Parse(child, CultureInfo.InvariantCulture));
                    AddBelow(below[^1], below);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The process or the thread has ended.
        }
    }
}
