using Lythonic.Dag.Execution;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>Runs methods as the engine's own invoker does, after writing as many errors as the test says.</summary>
internal sealed class WritingInvoker(Func<DagContext, int> errorsOf) : INodeInvoker
{
    private readonly PoolInvoker _methods = new(new ClrValueConverter(), null);

    public ValueTask<NodeOutcome> InvokeAsync(NodeCall call)
    {
        for (var error = 1; error <= errorsOf(call.Context); error++)
            call.Say(new NodeMessage("error", $"{call.Context.NodeLabel} wrote {error}", DateTimeOffset.UnixEpoch), null);
        return _methods.InvokeAsync(call);
    }
}
