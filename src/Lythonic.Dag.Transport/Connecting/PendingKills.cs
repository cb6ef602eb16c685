namespace Lythonic.Dag.Transport;

/// <summary>
/// Counts the kills of programs that are in flight. A tree of processes is stopped before it is killed. If this process ended in between,
/// they would stay stopped for ever, so its end waits a moment for the kills.
/// </summary>
internal static class PendingKills
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(2);
    private static readonly object Gate = new();
    private static int _pending;

    static PendingKills() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => Await();

    /// <summary>Whether this process is ending: then a program is killed without those that it started.</summary>
    public static bool IsExiting { get; private set; }

    /// <summary>Notes that a kill begins.</summary>
    public static void Begin()
    {
        lock (Gate)
            _pending++;
    }

    /// <summary>Notes that a kill has been sent.</summary>
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
