namespace Lythonic.Dag.Execution;

/// <summary>Cancels what runs code of users.</summary>
internal static class Cancellation
{
    /// <summary>
    /// Cancels, and ignores what registered callbacks throw. They belong to nodes, and on a timer's thread their exceptions would end the
    /// process. The outcome of a node says how it ended.
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
