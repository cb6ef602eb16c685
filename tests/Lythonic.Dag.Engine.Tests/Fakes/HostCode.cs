namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>Code that can run on a host, as a scriptblock can: a function of its upstream's output.</summary>
internal sealed class HostCode(Func<object?, object?> function) : NodeCode
{
    /// <summary>Code that returns its input.</summary>
    public static HostCode Same => new(value => value);

    public override NodeKind Kind => NodeKind.ScriptBlock;

    public override IReadOnlyList<NodeSignature> Signatures { get; } = [new([], null, "host code") { TakesPipelineValue = true }];

    public override string Fingerprint => "host code";

    public override string Description => "host code";

    public object? Evaluate(object? input) => function(input);
}
