namespace Lythonic.Dag;

/// <summary>How a node ended.</summary>
public enum NodeOutcomeKind
{
    /// <summary>The node returned an output.</summary>
    Completed,

    /// <summary>The node ended with an error.</summary>
    Failed,

    /// <summary>The node asked its run to pause.</summary>
    Paused,

    /// <summary>The node was stopped.</summary>
    Cancelled,

    /// <summary>The host of the node could not be reached, or was lost during the call.</summary>
    Unreachable,
}
