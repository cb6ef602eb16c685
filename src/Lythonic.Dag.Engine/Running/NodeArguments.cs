namespace Lythonic.Dag;

/// <summary>What a node is called with.</summary>
/// <param name="Named">Values by parameter name, in the order of the parameters; those that nothing fills are absent.</param>
/// <param name="PipelineValue">What <c>$_</c> is, where the signature takes it.</param>
public sealed record NodeArguments(IReadOnlyList<KeyValuePair<string, object?>> Named, object? PipelineValue);
