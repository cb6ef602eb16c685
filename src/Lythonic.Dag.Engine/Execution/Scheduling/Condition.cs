using System.Globalization;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// Asks a node's condition whether the node runs. If it fails, asks again as often as the node's retries allow. The attempt that gets a
/// yes goes on as an attempt of the node. The answer is stored: a restart does not ask again.
/// </summary>
/// <param name="run">The run of the node.</param>
/// <param name="node">The node.</param>
internal sealed class Condition(RunExecution run, CompiledNode node)
{
    private readonly RunSession _session = run.Session;
    private int _retries;

    /// <summary>Asks when there is a slot. Under the lock.</summary>
    public void Enqueue() =>
        _session.Enqueue(new SlotRequest(
            run, node, run.Order.Then(node.Index), () => _session.Background.Begin(AskAsync), () => run.Withdraw(node.Index)));

    private async Task AskAsync()
    {
        run.Limits.StartClocks();
        var start = new NodeStart(node.Index, run.Tally.NextAttempt(node.Index), _session.Now(), null);
        var (outcome, isMet) = await VerdictAsync(start.Attempt).ConfigureAwait(false);
        (var again, outcome) = await RetryDecision.DecideAsync(run, node, _retries, run.Judge(node, outcome)).ConfigureAwait(false);
        if (isMet)
            Go(start.Attempt);
        else
            await EndAsync(start, outcome, again).ConfigureAwait(false);
    }

    // Making the value that it sees, and reading its answer, may run code of the host and of users.
    private async ValueTask<(NodeOutcome Outcome, bool IsMet)> VerdictAsync(int attempt)
    {
        var stop = run.Limits.TokenOf(node);
        using var limit = new AttemptLimit(_session, node.SubDags is null ? node.Settings.Timeout : null, stop);
        NodeOutcome outcome;
        try
        {
            var seen = new InputReader(run, node, run.WarningsOf(node)).Whole();
            limit.Arm();
            outcome = await Predicate.AskAsync(run, node, node.Settings.If!, seen, attempt, limit.Token).ConfigureAwait(false);
            if (limit.HasPassed && !run.Limits.IsNodeStopped(node))
                return (Failed($"timed out after {DurationText.Render(node.Settings.Timeout)}", attempt), false);
            if (run.Limits.HasTimedOut && !node.IsClosing)
                return (Failed($"timed out after {DurationText.Render(run.Limits.TimeLimit)}, the time of its sub-run", attempt), false);
            if (outcome.Kind == NodeOutcomeKind.Cancelled && !run.Limits.IsNodeStopped(node))
                return (Failed("was stopped", attempt), false);
            return (outcome, outcome.Kind == NodeOutcomeKind.Completed && Predicate.IsTrue(outcome.Value, _session.Converter));
        }
        catch (Exception error)
        {
            return (NodeOutcome.Failed(NodeFailure.From(error)), false);
        }
    }

    private NodeOutcome Failed(string what, int attempt)
    {
        var when = attempt > 1 ? string.Create(CultureInfo.InvariantCulture, $", in attempt {attempt}") : "";
        return NodeOutcome.Failed(LeafAttempt.TimedOut($"The condition of node '{node.Label}' {what}{when}.", node.Settings.If!.Code));
    }

    // The node keeps the slot. A composite node, a node on a host and a node that waits for locks hold none.
    private void Go(int attempt)
    {
        lock (_session.Lock)
            run.Tally.MeetCondition(node.Index);
        var leaf = node.SubDags is null ? new LeafExecution(run, node, attempt, _retries) : null;
        if (leaf is { NeedsLocks: false } && !run.IsHosted(node))
        {
            leaf.Start();
            return;
        }

        _session.Release();
        lock (_session.Lock)
        {
            if (leaf is null)
                run.BeginComposite(node, attempt);
            else
                leaf.Enqueue();
        }

        _session.Dispatch();
    }

    private async ValueTask EndAsync(NodeStart start, NodeOutcome outcome, bool again)
    {
        var isOmitted = outcome.Kind == NodeOutcomeKind.Completed;
        var status = isOmitted ? NodeStatus.Omitted : LeafAttempt.StatusOf(outcome.Kind);
        var said = isOmitted ? null : outcome.Failure?.Message ?? outcome.PauseReason;
        var finishedAt = _session.Now();
        // If its value identifies an element, the value must be stored.
        var takesElement = run.Element is not null && node.IsSource;
        var input = isOmitted && takesElement ? new InputReader(run, node, run.WarningsOf(node)).TryEncodeElement() : null;
        _session.Provenance.EndNode(
            run.Waiting.Start(start with { Input = input }), new NodeEnd(status, finishedAt, Error: outcome.Failure?.Detail ?? said));
        var result = new NodeResult(node.Label, node.Kind, status, start.Attempt, start.StartedAt, finishedAt, said);
        var holdsSlot = _session.IsSequential && !again;
        if (!holdsSlot)
            _session.Release();
        if (again)
        {
            await RetryDelay.TryAgainAsync(run, node, _retries++, result, Enqueue).ConfigureAwait(false);
            return;
        }

        if (isOmitted && await MakeDurableAsync().ConfigureAwait(false) is { } failure)
        {
            status = NodeStatus.Failed;
            outcome = NodeOutcome.Failed(failure);
        }

        if (outcome.Kind == NodeOutcomeKind.Paused)
            _session.Pause(outcome.PauseReason);
        run.NodeEnded(node, status, null, outcome.Failure, result with { Status = status }, holdsSlot);
    }

    // The nodes downstream start only when the answer is durable.
    private async ValueTask<NodeFailure?> MakeDurableAsync()
    {
        _session.Dispatch();
        try
        {
            await _session.FlushAsync().ConfigureAwait(false);
            return null;
        }
        catch (DagException error)
        {
            return NodeFailure.From(error);
        }
    }
}
