namespace Lythonic.Dag.Wiring;

/// <summary>An edge into a node, as wiring sees it.</summary>
/// <param name="Upstream">The position of the upstream.</param>
/// <param name="Label">Its label.</param>
/// <param name="Type">Its declared output type; <see langword="null"/> for none.</param>
/// <param name="Parameter">The parameter that the edge names, or <see langword="null"/>.</param>
internal sealed record UpstreamEdge(int Upstream, string Label, Type? Type, string? Parameter)
{
    /// <summary>Whether wiring may choose what the output fills.</summary>
    public bool IsFree => Parameter is null && Type != typeof(void);
}
