using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>A request of a node that is not for an attempt of its code.</summary>
/// <param name="run">The run or sub-run that it belongs to.</param>
/// <param name="node">The node that waits.</param>
/// <param name="order">Its place among the requests that are ready.</param>
/// <param name="start">Starts it; returns soon.</param>
/// <param name="withdraw">Takes it back, because its run starts no more nodes. Called under the session's lock.</param>
internal sealed class SlotRequest(RunExecution run, CompiledNode node, OrderKey order, Action start, Action withdraw) : ISlotRequest
{
    /// <inheritdoc/>
    public OrderKey Order => order;

    /// <inheritdoc/>
    public bool MayStart => run.Limits.MayStartNode(node);

    /// <inheritdoc/>
    public void Start() => start();

    /// <inheritdoc/>
    public void Withdraw() => withdraw();
}
