using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The input node. It is in flight until the input ends, and the map after it runs meanwhile. Call its members outside of the lock.
/// </summary>
/// <param name="run">Its run.</param>
/// <param name="node">The node.</param>
/// <param name="feed">The elements.</param>
internal sealed class FeedNode(RunExecution run, CompiledNode node, ElementFeed feed)
{
    private NodeRunHandle? _handle;
    private DateTimeOffset _startedAt;
    private int _attempt;

    public RunSession Session => run.Session;

    /// <summary>Starts the node and the map.</summary>
    public void Start()
    {
        _startedAt = Session.Now();
        _attempt = run.Tally.NextAttempt(node.Index);
        _handle = run.Waiting.Start(new NodeStart(node.Index, _attempt, _startedAt, null));
        feed.Begin(this);
        Session.Observer?.NodeStarted(run.Handle.RunId, node.Label);
        RunLog.Started(run, node, _attempt);
        bool mayStart;
        lock (Session.Lock)
        {
            mayStart = run.MayStart;
            if (mayStart)
                run.Launch(run.Dag.Nodes[node.Downstreams[0]]);
        }

        if (mayStart)
            Session.Dispatch();
        else
            feed.Close(Session.IsPausing && !Session.IsCancelled ? NodeStatus.Paused : NodeStatus.Cancelled);
    }

    /// <summary>Ends the node.</summary>
    /// <param name="status">How it ends: completed if the input has ended.</param>
    public void End(NodeStatus status)
    {
        var now = Session.Now();
        Session.Provenance.EndNode(_handle!, new NodeEnd(status, now));
        run.NodeEnded(node, status, null, null, new NodeResult(node.Label, node.Kind, status, _attempt, _startedAt, now, null));
    }
}
