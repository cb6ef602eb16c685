namespace Lythonic.Dag.Execution;

/// <summary>Cancels tokens that code of users may have registered callbacks with.</summary>
internal static class Cancellation
{
    /// <summary>
    /// Cancels, and ignores the exceptions of registered callbacks. They belong to nodes, and on a timer's thread they would end the
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
            // The source is disposed: the work that it could stop has ended.
        }
    }
}
