namespace Lythonic.Dag.Execution;

/// <summary>
/// Asks the code that chooses the branch of one element of a composite node. If it fails, asks again as often as the retries of the node
/// allow. The attempts for the branch and those of the sub-run count together.
/// </summary>
/// <param name="composite">The node.</param>
/// <param name="element">The element.</param>
/// <param name="by">The code that chooses the branch.</param>
/// <param name="chosen">Is given the final answer, and how often the code was asked again. Called outside of the lock.</param>
internal sealed class BranchChoice(CompositeExecution composite, MapElement element, NodePredicate by, Action<NodeOutcome, int> chosen)
{
    private readonly RunExecution _run = composite.Run;
    private readonly RunSession _session = composite.Run.Session;
    private int _retries;

    /// <summary>Asks when there is a slot. Outside of the lock.</summary>
    public void Ask()
    {
        lock (_session.Lock)
        {
            _session.Enqueue(new SlotRequest(
                _run, composite.Node, composite.OrderOf(element), () => _session.Background.Begin(AskAsync), composite.LeaveOut));
        }

        _session.Dispatch();
    }

    private async Task AskAsync()
    {
        _run.Limits.StartClocks();
        var attempt = composite.Attempt + _retries;
        var outcome = await Predicate.AskAsync(_run, composite.Node, by, element.Value, attempt).ConfigureAwait(false);
        (var again, outcome) = await RetryDecision.DecideAsync(_run, composite.Node, _retries, _run.Judge(composite.Node, outcome))
            .ConfigureAwait(false);
        _session.Release();
        if (outcome.Kind == NodeOutcomeKind.Paused)
            _session.Pause(outcome.PauseReason);
        if (!again)
        {
            chosen(outcome, _retries);
            return;
        }

        // No slot of the run is held during the wait.
        _session.Dispatch();
        var delay = RetryDelay.Compute(composite.Node.Settings.Retry, _retries++);
        await RetryDelay.WaitAsync(_run, composite.Node, delay).ConfigureAwait(false);
        Ask();
    }
}
