namespace Lythonic.Dag.Transport;

/// <summary>
/// Counts the kills of programs that are in flight. The end of this process waits a moment for them: a program that is frozen would stay
/// for ever, and so would processes that <see cref="ProcessTree"/> has stopped and not yet killed.
/// </summary>
internal static class PendingKills
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(2);
    private static readonly object Gate = new();
    private static int _pending;

    static PendingKills() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => Await();

    /// <summary>Whether this process is ending: then nothing is stopped before it is killed.</summary>
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
