using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Knows which nodes of a run must run or must not, and records those that do not run.</summary>
internal static class NodesNotRun
{
    /// <summary>Records a node with the reason why it does not run. Outside of the lock.</summary>
    public static void Record(this RunExecution run, CompiledNode node, NodeStatus status, string cause)
    {
        var session = run.Session;
        var now = session.Now();
        var attempt = run.Tally.NextAttempt(node.Index);
        session.Provenance.EndNode(
            run.Waiting.Start(new NodeStart(node.Index, attempt, now, null)), new NodeEnd(status, now, Error: cause));
        var result = new NodeResult(node.Label, node.Kind, status, attempt, now, now, cause);
        lock (session.Lock)
            run.Tally.Note(node.Index, result);
        session.Observer?.NodeEnded(run.Handle.RunId, node.Label, status);
        RunLog.Ended(run, result);
    }

    /// <summary>A node is not run any more, as the run was cancelled. Under the lock.</summary>
    public static void Refuse(this RunExecution run, CompiledNode node, string cause)
    {
        run.State.Stop(node.Index, NodeStatus.Cancelled);
        run.Session.Defer(() => run.Record(node, NodeStatus.Cancelled, cause));
    }

    /// <summary>Whether a node must not reuse an output, even if it has <c>-Reuse</c>.</summary>
    public static bool MustRun(this RunExecution run, CompiledNode node) =>
        run.Session.Options.NoReuse || run.Named?.Contains(node.Index) == true
        || (run.Parent is { } composite && composite.Run.MustRun(composite.Node));

    /// <summary>A closing node, or a node inside one, cannot pause the run: it fails.</summary>
    public static NodeOutcome Judge(this RunExecution run, CompiledNode node, NodeOutcome outcome) =>
        outcome.Kind == NodeOutcomeKind.Paused && (node.IsClosing || run.Limits.IsInClosing)
            ? NodeOutcome.Failed(new NodeFailure($"The node '{node.Label}' cannot pause the run, as a closing node: {outcome.PauseReason}"))
            : outcome;
}
