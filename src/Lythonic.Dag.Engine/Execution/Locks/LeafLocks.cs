using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>The locks of a node that runs code. Each attempt takes them before it asks for a slot or a host, and releases them.</summary>
internal sealed class LeafLocks(RunExecution run, LeafExecution leaf)
{
    private readonly RunSession _session = run.Session;
    private readonly CompiledNode _node = leaf.Node;
    private readonly NodeLocks _locks = new(run, leaf.Node);

    /// <summary>Whether the attempt holds the locks.</summary>
    public bool IsHeld => _locks.IsHeld;

    /// <summary>Takes the locks, and then continues the attempt. Under the session's lock.</summary>
    public void Take() => _session.Background.Start(TakeAsync);

    /// <summary>Releases the locks when the end of the attempt is durable, so that nobody sees two nodes in flight.</summary>
    public async ValueTask GiveBackAsync()
    {
        try
        {
            await _session.FlushAsync().ConfigureAwait(false);
        }
        catch (DagException)
        {
            // A store that cannot write reports it again when the completion waits for it.
        }

        _locks.Release();
    }

    /// <summary>Releases the locks on another thread. Under the session's lock.</summary>
    public void ReleaseSoon()
    {
        if (IsHeld)
            _session.Background.Start(_locks.Release);
    }

    private async Task TakeAsync()
    {
        CancellationToken halted;
        lock (_session.Lock)
            halted = run.Limits.HaltedOf(_node);
        NodeFailure? failure = null;
        try
        {
            // When the shared time of closing nodes is over, a closing node with a timeout of its own still goes on.
            while (!await _locks.TakeAsync(Wait, halted).ConfigureAwait(false) && MayStart())
                halted = run.Limits.TokenOf(_node);
        }
        catch (DagException error)
        {
            failure = NodeFailure.From(error);
        }

        lock (_session.Lock)
        {
            if (failure is not null)
                leaf.EnqueueFailure(failure);
            else if (_locks.IsHeld && run.Limits.MayStartNode(_node))
                leaf.Enqueue();
            else
                leaf.Withdraw();
        }

        _session.Dispatch();
    }

    private bool MayStart()
    {
        lock (_session.Lock)
            return run.Limits.MayStartNode(_node);
    }

    private void Wait() => run.Waiting.AddForHost(_node.Index, leaf.UpcomingAttempt, NodeLocks.Wait(_node));
}
