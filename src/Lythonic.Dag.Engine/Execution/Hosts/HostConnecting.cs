using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The time during which an attempt has a slot of a host and has not begun. A pause or the failure of another node ends it, like other
/// waits. A cluster may let a slot wait for hours.
/// </summary>
internal sealed class HostConnecting : IDisposable
{
    private readonly RunExecution _run;
    private readonly CompiledNode _node;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenRegistration _halted;
    private readonly object _lock = new();
    private bool _isOver;
    private bool _isStopped;

    public HostConnecting(RunExecution run, CompiledNode node)
    {
        _run = run;
        _node = node;
        Token = _stop.Token;
        CancellationToken halted;
        lock (run.Session.Lock)
            halted = run.Limits.HaltedOf(node);
        _halted = halted.UnsafeRegister(static connecting => ((HostConnecting)connecting!).Stop(), this);
    }

    /// <summary>Cancelled if the attempt must not begin.</summary>
    public CancellationToken Token { get; }

    /// <summary>Begins the attempt: from now on, only the token of its code stops it.</summary>
    /// <exception cref="OperationCanceledException">It must not begin.</exception>
    public void End()
    {
        lock (_lock)
        {
            if (_isStopped)
                throw new OperationCanceledException(Token);
            _isOver = true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
            _isOver = true;
        _halted.Unregister();
        _stop.Dispose();
    }

    private void Stop()
    {
        // A closing node may go on all the same.
        lock (_run.Session.Lock)
        {
            if (_run.Limits.MayStartNode(_node))
                return;
        }

        lock (_lock)
        {
            if (_isOver)
                return;
            _isStopped = true;
        }

        Cancellation.Request(_stop);
    }
}
