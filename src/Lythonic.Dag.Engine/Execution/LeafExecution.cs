using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>A node that runs code, from its first attempt to its last.</summary>
internal sealed class LeafExecution(RunExecution run, CompiledNode node)
{
    private const int BacklogLimit = 4_096;

    private readonly RunSession _session = run.Session;
    private int _retries;

    public CompiledNode Node => node;

    /// <summary>Starts an attempt; a slot is held. Returns soon.</summary>
    public void Start() => _ = RunAsync();

    private async Task RunAsync()
    {
        using var attempt = new LeafAttempt(run, node, run.NextAttempt(node.Index));
        var outcome = await attempt.InvokeAsync().ConfigureAwait(false);
        var retry = outcome.Kind == NodeOutcomeKind.Failed && await WantsRetryAsync(outcome.Failure!).ConfigureAwait(false);
        var output = attempt.Record(ref outcome);
        _session.Release();
        if (retry && outcome.Kind == NodeOutcomeKind.Failed)
        {
            await TryAgainAsync().ConfigureAwait(false);
            return;
        }

        if (outcome.Kind == NodeOutcomeKind.Completed)
            outcome = await MakeDurableAsync(outcome).ConfigureAwait(false);
        if (outcome.Kind == NodeOutcomeKind.Paused)
            _session.Pause(outcome.PauseReason);
        run.NodeEnded(node, LeafAttempt.StatusOf(outcome.Kind), output, outcome.Failure, attempt.Result(outcome));
    }

    // What is downstream starts only when the completion is durable. A sink has nothing downstream in its run: what follows it, the end of the
    // run or of the composite node around it, is written after it in the same order, and waits.
    private async ValueTask<NodeOutcome> MakeDurableAsync(NodeOutcome outcome)
    {
        _session.Dispatch();
        if (node.IsSink && _session.Provenance.Backlog < BacklogLimit)
            return outcome;
        try
        {
            await _session.Provenance.FlushAsync().ConfigureAwait(false);
            return outcome;
        }
        catch (DagException error)
        {
            return NodeOutcome.Failed(NodeFailure.From(error));
        }
    }

    private async ValueTask<bool> WantsRetryAsync(NodeFailure failure)
    {
        var policy = node.Node.Settings.Retry;
        if (_retries >= policy.Count || !run.MayStart)
            return false;
        if (policy.On is null)
            return true;
        var verdict = await Predicate.AskAsync(run, node, policy.On, failure.Native ?? failure.Exception).ConfigureAwait(false);
        return verdict.Kind == NodeOutcomeKind.Completed && Predicate.IsTrue(verdict.Value, _session.Converter);
    }

    private async Task TryAgainAsync()
    {
        _session.Dispatch();
        var delay = RetryDelay.Of(node.Node.Settings.Retry, _retries++);
        try
        {
            if (delay > TimeSpan.Zero)
                await Task.Delay(delay, _session.Clock, _session.Halted).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The next attempt is withdrawn below, as any node that is ready when its run stops.
        }

        lock (_session.Lock)
        {
            if (run.MayStart)
                run.EnqueueLeaf(this);
            else
                run.Withdraw(node.Index);
        }

        _session.Dispatch();
    }
}
