namespace Lythonic.Dag;

/// <summary>Runs the code of nodes. One of the engine's four seams.</summary>
public interface INodeInvoker
{
    /// <summary>
    /// Runs a node. Returns soon: the work happens on another thread, or, for a call that is <see cref="NodeCall.Inline"/>, on the
    /// caller's. The invoker calls <see cref="NodeCall.Begin"/> on the thread that runs the node, right before it does. Of a call with a
    /// <see cref="NodeCall.Host"/>, it does so once it is connected to that host, and ends the call as
    /// <see cref="NodeOutcome.Unreachable"/> where it cannot be, or where the host is lost.
    /// </summary>
    /// <param name="call">What to run.</param>
    /// <returns>How it ended; never faulted. A call whose token is cancelled ends soon, as cancelled.</returns>
    ValueTask<NodeOutcome> InvokeAsync(NodeCall call);

    /// <summary>
    /// Whether calls end on threads of the invoker's own, where no code of users is on the stack. What follows from an end, a commit among
    /// it, is then done on that thread; else on one of the pool, as the thread that a call ended on may hold a lock that others wait for.
    /// </summary>
    bool EndsOnOwnThread => false;

    /// <summary>
    /// The calling thread, on which a call may have just ended, is about to commit or to wait: work that the invoker kept for this thread
    /// goes to another.
    /// </summary>
    void LeaveThread()
    {
    }

    /// <summary>What a retry's predicate sees of a failure: the host's own record of it, the exception, or the message.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="label">The node that failed.</param>
    object ErrorOf(NodeFailure failure, string label)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.Native ?? failure.Exception ?? (object)failure.Message;
    }
}
