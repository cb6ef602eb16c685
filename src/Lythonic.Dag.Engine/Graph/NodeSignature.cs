namespace Lythonic.Dag;

/// <summary>One way to call a node's code: a scriptblock has one, a method group one an overload.</summary>
/// <param name="Parameters">What wiring can fill, in order. A <see cref="DagContext"/> or a <see cref="CancellationToken"/> is not among
/// them.</param>
/// <param name="OutputType">The declared output type; <see langword="null"/> if none is declared, <see cref="void"/> if there is no
/// output.</param>
/// <param name="Description">How messages name this signature.</param>
public sealed record NodeSignature(IReadOnlyList<NodeParameter> Parameters, Type? OutputType, string Description)
{
    /// <summary>Whether the code takes the upstream's output whole, as <c>$_</c>, having no parameters of its own.</summary>
    public bool TakesPipelineValue { get; init; }

    /// <summary>How many parameters the engine fills by itself, with the context or the token.</summary>
    internal int InjectedCount { get; init; }
}
