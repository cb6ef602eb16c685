namespace Lythonic.Dag;

/// <summary>How a node ended.</summary>
public enum NodeOutcomeKind
{
    /// <summary>With an output.</summary>
    Completed,

    /// <summary>With an error.</summary>
    Failed,

    /// <summary>By asking its run to pause.</summary>
    Paused,

    /// <summary>By being stopped.</summary>
    Cancelled,

    /// <summary>Its host could not be connected to, or was lost under the call.</summary>
    Unreachable,
}
