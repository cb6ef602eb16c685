using System.Collections.Concurrent;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>A method that waits until its token is cancelled.</summary>
public static class WaitingMethod
{
    private static readonly ConcurrentDictionary<string, string> States = new();

    /// <summary>Waits.</summary>
    public static async Task<int> Wait(string session, CancellationToken cancellationToken)
    {
        States[session] = "started";
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            States[session] = "cancelled";
            throw;
        }

        return 0;
    }

    /// <summary>Forgets a session.</summary>
    public static void Reset(string session) => States.TryRemove(session, out _);

    /// <summary>Whether the method runs.</summary>
    public static bool HasStarted(string session) => States.GetValueOrDefault(session) == "started";

    /// <summary>Whether its token was cancelled.</summary>
    public static bool WasCancelled(string session) => States.GetValueOrDefault(session) == "cancelled";
}
