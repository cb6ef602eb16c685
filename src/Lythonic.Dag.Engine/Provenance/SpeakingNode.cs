using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>A node run that wrote messages, or that may still write some.</summary>
/// <param name="Key">The node run.</param>
/// <param name="Run">Its run.</param>
/// <param name="Path">The path of that run.</param>
/// <param name="ParentNode">The label of the composite node that the run belongs to; <see langword="null"/> for a root run.</param>
/// <param name="Label">The node's label.</param>
/// <param name="Kind">The node's kind.</param>
/// <param name="IsInFlight">Whether it has not ended.</param>
/// <param name="Messages">The stored messages; or <see langword="null"/>.</param>
internal sealed record SpeakingNode(
    StoreKey Key, StoreKey Run, string Path, string? ParentNode, string Label, NodeKind Kind, bool IsInFlight, string? Messages);
