namespace Lythonic.Dag.Execution;

/// <summary>A node that waits for a slot of a host, or for a connection. After a second, the store is told that it waits.</summary>
internal sealed class HostWait
{
    private static readonly TimeSpan Unseen = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private readonly RunExecution _run;
    private readonly int _node;
    private readonly int _attempt;
    private readonly HostFarm _farm;
    private readonly ITimer _timer;
    private volatile bool _isOver;
    private bool _isShown;

    /// <param name="run">The run that the node is in.</param>
    /// <param name="node">The node.</param>
    /// <param name="attempt">The number of the attempt that waits.</param>
    /// <param name="farm">The farm that it waits for.</param>
    public HostWait(RunExecution run, int node, int attempt, HostFarm farm)
    {
        (_run, _node, _attempt, _farm) = (run, node, attempt, farm);
        _timer = run.Session.Clock.CreateTimer(_ => run.Session.Background.Do(Show), null, Unseen, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The node does not begin any more. The record that it waits is removed at the end of its run.</summary>
    public void Cancel()
    {
        _isOver = true;
        _timer.Dispose();
    }

    /// <summary>The node begins: from now on, the store is not told that it waits. Not under the session's lock.</summary>
    public void End()
    {
        lock (_lock)
            _isOver = true;
        _timer.Dispose();
    }

    /// <summary>A host has refused: from now on, the store is told why. Not under the session's lock.</summary>
    public void ShowAgain()
    {
        lock (_lock)
        {
            if (!_isOver && _isShown)
                _run.Waiting.SayAgain(_node, _attempt, Why());
        }
    }

    private void Show()
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            _isShown = true;
            _run.Waiting.AddForHost(_node, _attempt, Why());
        }
    }

    private string Why()
    {
        lock (_run.Session.Lock)
            return _farm.Wait;
    }
}
