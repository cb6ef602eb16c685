using System.Diagnostics;

namespace Lythonic.Dag.Execution;

/// <summary>What is told of a node in flight.</summary>
/// <param name="Span">Its span, if somebody wants it.</param>
/// <param name="StartedAt">When its first attempt began.</param>
internal sealed record NodeTrace(Activity? Span, DateTimeOffset StartedAt)
{
    /// <summary>How its latest attempt ended, where one has.</summary>
    public (NodeStatus Status, NodeFailure? Failure)? Latest { get; set; }
}
