using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Work that waits for a slot of the run's throttle.</summary>
/// <param name="Run">The run or sub-run that it belongs to.</param>
/// <param name="Node">The node that it is of.</param>
/// <param name="Order">Where it stands among what is ready.</param>
/// <param name="Start">Starts it; returns soon.</param>
/// <param name="Withdraw">Takes it back, because nothing of its run starts any more. Called under the session's lock.</param>
internal sealed record SlotRequest(RunExecution Run, CompiledNode Node, OrderKey Order, Action Start, Action Withdraw)
{
    /// <summary>Whether it may start still. Under the lock.</summary>
    public bool MayStart => Run.Limits.MayStartNode(Node);
}
