namespace Lythonic.Dag.Execution;

/// <summary>Cancels what runs code of users.</summary>
internal static class Cancellation
{
    /// <summary>
    /// Cancels, whatever they throw who registered with the token: those are nodes, and on a timer's thread what they throw would end the
    /// process. How a node ends is told by its outcome.
    /// </summary>
    public static void Request(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException)
        {
            // Every callback has been called.
        }
        catch (ObjectDisposedException)
        {
            // What was to be stopped has ended.
        }
    }
}
