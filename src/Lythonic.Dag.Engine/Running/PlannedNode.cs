namespace Lythonic.Dag;

/// <summary>What a run, a restart or a replay would do with a node: a line of <c>-WhatIf</c>.</summary>
/// <param name="Label">The node's label.</param>
/// <param name="Action">What would be done.</param>
/// <param name="Reason">Why.</param>
public sealed record PlannedNode(string Label, PlannedAction Action, string Reason)
{
    /// <summary>Whether the output that it keeps was made from a node that runs again.</summary>
    public bool IsStale { get; init; }
}
