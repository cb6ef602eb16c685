namespace Lythonic.Dag;

/// <summary>Runs the code of nodes. One of the engine's four seams.</summary>
public interface INodeInvoker
{
    /// <summary>
    /// Runs a node. Returns soon: the work happens on another thread, or, for a call that is <see cref="NodeCall.Inline"/>, on the caller's.
    /// The invoker calls <see cref="NodeCall.Begin"/> on the thread that runs the node, right before it does.
    /// </summary>
    /// <param name="call">What to run.</param>
    /// <returns>How it ended; never faulted. A call whose token is cancelled ends soon, as cancelled.</returns>
    ValueTask<NodeOutcome> InvokeAsync(NodeCall call);
}
