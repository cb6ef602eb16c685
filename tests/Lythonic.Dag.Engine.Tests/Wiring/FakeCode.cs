namespace Lythonic.Dag.Engine.Tests.Wiring;

/// <summary>Code that only has a signature, as a scriptblock would.</summary>
internal sealed class FakeCode(Type? output, params NodeParameter[] parameters) : NodeCode
{
    public bool TakesPipelineValue { get; init; }

    public override NodeKind Kind => NodeKind.ScriptBlock;

    public override IReadOnlyList<NodeSignature> Signatures =>
        [new(parameters, output, "fake") { TakesPipelineValue = TakesPipelineValue }];

    public override string Fingerprint => "fake";

    public override string Description => "fake";
}
