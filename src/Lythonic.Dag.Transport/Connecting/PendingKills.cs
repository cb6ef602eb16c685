namespace Lythonic.Dag.Transport;

/// <summary>
/// The kills of programs that are in flight. A tree of processes is stopped before it is killed: a process that ended in between would
/// leave them stopped for ever. So its end waits for them, for a moment.
/// </summary>
internal static class PendingKills
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(2);
    private static readonly object Gate = new();
    private static int _pending;

    static PendingKills() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => Await();

    /// <summary>Whether the process ends: from now on a program is killed alone, without those that it started.</summary>
    public static bool IsExiting { get; private set; }

    /// <summary>A kill begins.</summary>
    public static void Begin()
    {
        lock (Gate)
            _pending++;
    }

    /// <summary>A kill has been sent.</summary>
    public static void End()
    {
        lock (Gate)
        {
            _pending--;
            Monitor.PulseAll(Gate);
        }
    }

    private static void Await()
    {
        var until = DateTime.UtcNow + Most;
        lock (Gate)
        {
            IsExiting = true;
            while (_pending > 0 && until - DateTime.UtcNow is { Ticks: > 0 } left)
                Monitor.Wait(Gate, left);
        }
    }
}
