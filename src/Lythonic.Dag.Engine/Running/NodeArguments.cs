namespace Lythonic.Dag;

/// <summary>The arguments of a node's code.</summary>
/// <param name="Named">Values by parameter name, in the order of the parameters. A parameter that nothing fills is absent.</param>
/// <param name="PipelineValue">The value of <c>$_</c>, if the signature takes it.</param>
public sealed record NodeArguments(IReadOnlyList<KeyValuePair<string, object?>> Named, object? PipelineValue);
