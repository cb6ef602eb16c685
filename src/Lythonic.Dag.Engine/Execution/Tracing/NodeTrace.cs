using System.Diagnostics;

namespace Lythonic.Dag.Execution;

/// <summary>The trace of a node in flight.</summary>
/// <param name="Span">Its span, if somebody wants it.</param>
/// <param name="StartedAt">When its first attempt began.</param>
internal sealed record NodeTrace(Activity? Span, DateTimeOffset StartedAt)
{
    /// <summary>How its latest attempt ended, if one has ended.</summary>
    public (NodeStatus Status, NodeFailure? Failure)? Latest { get; set; }
}
