namespace Lythonic.Dag.Execution;

/// <summary>A node that has a slot of a host and waits to be connected: after a second, the store says that it waits.</summary>
internal sealed class HostWait
{
    private static readonly TimeSpan Unseen = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private readonly ITimer _timer;
    private bool _isOver;

    /// <param name="run">The run that the node is in.</param>
    /// <param name="node">The node.</param>
    /// <param name="attempt">The attempt that it will be.</param>
    /// <param name="why">What it waits for, for people.</param>
    public HostWait(RunExecution run, int node, int attempt, string why) =>
        _timer = run.Session.Clock.CreateTimer(
            _ => run.Session.Background.Do(() => Show(run, node, attempt, why)), null, Unseen, Timeout.InfiniteTimeSpan);

    /// <summary>It does not wait any more: nothing says from now on that it does. Not under the session's lock.</summary>
    public void End()
    {
        lock (_lock)
            _isOver = true;
        _timer.Dispose();
    }

    private void Show(RunExecution run, int node, int attempt, string why)
    {
        lock (_lock)
        {
            if (!_isOver)
                run.Waiting.AddForHost(node, attempt, why);
        }
    }
}
