using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// Tries the sub-run of an element again. It goes on as a restart would, from the node that failed. While it waits, it counts towards the
/// limit of the composite node, but holds no slot of the run.
/// </summary>
internal sealed class ElementRetry(CompositeExecution composite)
{
    private readonly RunExecution _run = composite.Run;
    private readonly CompiledNode _node = composite.Node;
    private readonly RunSession _session = composite.Run.Session;

    /// <summary>Begins to try a failed sub-run again, if it may be tried again. Under the lock.</summary>
    /// <returns>Whether it may.</returns>
    public bool TryBegin(RunExecution child)
    {
        if (!RetryDecision.IsLeft(_run, _node, child.Retries))
            return false;
        if (_node.Settings.Retry.On is null)
            _session.Background.Start(() => TryAgainAsync(child));
        else
            _session.Enqueue(new SlotRequest(
                _run, _node, composite.OrderOf(child.Element!), () => _session.Background.Begin(() => AskAsync(child)), child.Begin));
        return true;
    }

    private async Task AskAsync(RunExecution child)
    {
        var (allows, failure) = await RetryDecision.AskAsync(_run, _node, child.Failure!).ConfigureAwait(false);
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
        var delay = RetryDelay.Compute(_node.Settings.Retry, child.Retries++);
        child.Waiting.AddAll(delay);
        await RetryDelay.WaitAsync(_run, _node, delay).ConfigureAwait(false);
        try
        {
            // Composite nodes inside look up the sub-runs that they go on with.
            await _session.FlushAsync().ConfigureAwait(false);
        }
        catch (DagException)
        {
            // A store that cannot write reports it again when a completion waits for it.
        }

        lock (_session.Lock)
            child.Begin();
        _session.Dispatch();
    }
}
