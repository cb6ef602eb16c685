namespace Lythonic.Dag;

/// <summary>A data dependency.</summary>
/// <param name="From">The label of the upstream node.</param>
/// <param name="To">The label of the downstream node.</param>
/// <param name="Parameter">The parameter that the output fills, or <see langword="null"/> to let wiring choose.</param>
public sealed record DagEdge(string From, string To, string? Parameter)
{
    /// <inheritdoc/>
    public override string ToString() => Parameter is null ? $"{From} -> {To}" : $"{From} -> {To}:{Parameter}";
}
