namespace Lythonic.Dag;

/// <summary>What a plan does with a node.</summary>
public enum PlannedAction
{
    /// <summary>The node runs.</summary>
    Run,

    /// <summary>The stored output of the node is used.</summary>
    Reuse,

    /// <summary>The node does not run.</summary>
    Skip,
}
