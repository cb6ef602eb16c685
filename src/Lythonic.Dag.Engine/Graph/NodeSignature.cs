namespace Lythonic.Dag;

/// <summary>One way to call a node's code: a scriptblock has one, a method group one an overload.</summary>
/// <param name="Parameters">The parameters that wiring can fill, in order, without a <see cref="DagContext"/> or a
/// <see cref="CancellationToken"/>.</param>
/// <param name="OutputType">The declared output type; <see langword="null"/> if none is declared, <see cref="void"/> if there is no
/// output.</param>
/// <param name="Description">How messages name this signature.</param>
public sealed record NodeSignature(IReadOnlyList<NodeParameter> Parameters, Type? OutputType, string Description)
{
    /// <summary>Whether the code has no parameters and takes the whole output of its upstream as <c>$_</c>.</summary>
    public bool TakesPipelineValue { get; init; }

    /// <summary>How many parameters the engine itself fills with the context or the token.</summary>
    internal int InjectedCount { get; init; }
}
