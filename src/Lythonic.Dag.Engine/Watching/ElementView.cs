namespace Lythonic.Dag.Watching;

/// <summary>An element of a map in flight.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Node">The node of its sub-DAG that runs or waits, or <see langword="null"/> between two of them.</param>
/// <param name="StartedAt">When the element began.</param>
/// <param name="Host">The host that it runs on, or <see langword="null"/>.</param>
/// <param name="Waits">What it waits for, or <see langword="null"/>.</param>
/// <param name="WaitsUntil">When the wait ends, if that is known.</param>
internal sealed record ElementView(
    string Key, string? Node, DateTimeOffset StartedAt, string? Host, string? Waits, DateTimeOffset? WaitsUntil)
{
    /// <summary>Its value as a short text; empty if its key says it, or if the value is not known.</summary>
    public string Value { get; init; } = "";
}
