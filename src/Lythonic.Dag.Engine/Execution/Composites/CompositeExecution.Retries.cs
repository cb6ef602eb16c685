using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <content>
/// How the sub-run of an element is tried again: it goes on as a restart would, from the node that failed. While it waits it is in flight for the
/// node's own limit, and holds no slot of the run's.
/// </content>
internal sealed partial class CompositeExecution
{
    /// <summary>
    /// Takes charge of a sub-run that failed, where it may be tried again: it goes on, or ends, later. A pause leaves the attempts that remain for
    /// the restart; any other halt ends them. Under the lock.
    /// </summary>
    public bool TriesAgain(RunExecution child)
    {
        var policy = node.Node.Settings.Retry;
        if (child.Retries >= policy.Count || _session.IsCancelled || !(run.MayStart || _session.IsPausing))
            return false;
        if (policy.On is null)
            ThreadPool.UnsafeQueueUserWorkItem(static held => _ = held.Node.TryAgainAsync(held.Child), (Node: this, Child: child), preferLocal: false);
        else
            _session.Enqueue(new Ticket(run, OrderOf(child.Element!), () => _ = AskAsync(child), child.TryAgain));
        return true;
    }

    private async Task AskAsync(RunExecution child)
    {
        var (allows, failure) = await Predicate.AllowsRetryAsync(run, node, child.Failure!).ConfigureAwait(false);
        _session.Release();
        if (!allows)
        {
            lock (_session.Lock)
                child.GiveUp(failure);
        }

        _session.Dispatch();
        if (allows)
            await TryAgainAsync(child).ConfigureAwait(false);
    }

    private async Task TryAgainAsync(RunExecution child)
    {
        child.WaitAgain();
        await RetryDelay.WaitAsync(run, node.Node.Settings.Retry, child.Retries++).ConfigureAwait(false);
        try
        {
            // Composite nodes inside look up the sub-runs that they go on with.
            await _session.Provenance.FlushAsync().ConfigureAwait(false);
        }
        catch (DagException)
        {
            // A store that cannot write says so again where a completion waits for it.
        }

        lock (_session.Lock)
            child.TryAgain();
        _session.Dispatch();
    }
}
