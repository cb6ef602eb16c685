namespace Lythonic.Dag;

/// <summary>Takes the place of code in a node that stands for elements that come while the run is in flight.</summary>
internal sealed class InputCode : NodeCode
{
    public static InputCode Instance { get; } = new();

    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.Input;

    /// <inheritdoc/>
    public override IReadOnlyList<NodeSignature> Signatures { get; } = [new([], null, "input")];

    /// <inheritdoc/>
    public override string Fingerprint => "input";

    /// <inheritdoc/>
    public override string Description => "what comes while it runs";
}
