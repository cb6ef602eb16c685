using Lythonic.Dag.Execution;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>Code without parameters that returns its whole input, like a scriptblock without a <c>param()</c> block.</summary>
internal sealed class Whole : NodeCode
{
    public override NodeKind Kind => NodeKind.ScriptBlock;

    public override IReadOnlyList<NodeSignature> Signatures { get; } = [new([], null, "whole") { TakesPipelineValue = true }];

    public override string Fingerprint => "whole";

    public override string Description => "whole";

    /// <summary>Runs such code, and methods as the engine's own invoker does.</summary>
    internal sealed class Invoker : INodeInvoker
    {
        private readonly PoolInvoker _methods = new(new ClrValueConverter(), null);

        public ValueTask<NodeOutcome> InvokeAsync(NodeCall call) =>
            call.Code is Whole ? new(NodeOutcome.Completed(call.Begin().PipelineValue)) : _methods.InvokeAsync(call);
    }
}
