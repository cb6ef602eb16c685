namespace Lythonic.Dag;

/// <summary>Runs the code of nodes. One of the engine's four seams.</summary>
public interface INodeInvoker
{
    /// <summary>
    /// Runs a node. Returns soon: the work happens on another thread or, if <see cref="NodeCall.Inline"/> is set, on the caller's thread.
    /// The invoker calls <see cref="NodeCall.Begin"/> on the thread that runs the node, right before the code. If the call has a
    /// <see cref="NodeCall.Host"/>, the invoker first connects to it. If it cannot connect, or loses the host, the call ends as
    /// <see cref="NodeOutcome.Unreachable"/>.
    /// </summary>
    /// <param name="call">What to run.</param>
    /// <returns>
    /// A task that gives the outcome and never faults. When the token of the call is cancelled, it ends soon, as cancelled.
    /// </returns>
    ValueTask<NodeOutcome> InvokeAsync(NodeCall call);

    /// <summary>
    /// Whether calls end on the invoker's own threads, with no user code on the stack. The engine then does on that thread what follows
    /// from the end, such as a commit. Otherwise it does so on a pool thread, because the thread on which a call ended may hold a lock that
    /// others wait for.
    /// </summary>
    bool EndsOnOwnThread => false;

    /// <summary>
    /// Tells the invoker that the calling thread, on which a call may just have ended, is about to commit or to wait. Work that the invoker
    /// kept for this thread should go to another one.
    /// </summary>
    void LeaveThread()
    {
    }

    /// <summary>What the predicate of a retry sees: the host's own record of the failure, else the exception, else the message.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="label">The label of the node that failed.</param>
    object ErrorOf(NodeFailure failure, string label)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.Native ?? failure.Exception ?? (object)failure.Message;
    }
}
