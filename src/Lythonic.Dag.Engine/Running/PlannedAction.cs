namespace Lythonic.Dag;

/// <summary>What would be done with a node.</summary>
public enum PlannedAction
{
    /// <summary>It runs.</summary>
    Run,

    /// <summary>Its stored output is used.</summary>
    Reuse,

    /// <summary>It is not run.</summary>
    Skip,
}
