namespace Lythonic.Dag;

/// <summary>What the plan of a run, a restart or a replay does with one node: a line of <c>-WhatIf</c>.</summary>
/// <param name="Label">The node's label.</param>
/// <param name="Action">What is done with the node.</param>
/// <param name="Reason">Why it is done, as the rest of a sentence that begins with "because".</param>
public sealed record PlannedNode(string Label, PlannedAction Action, string Reason)
{
    /// <summary>Whether the node keeps an output that was made from the output of a node that runs again.</summary>
    public bool IsStale { get; init; }
}
