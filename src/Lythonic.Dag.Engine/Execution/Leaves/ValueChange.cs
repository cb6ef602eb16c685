namespace Lythonic.Dag.Execution;

/// <summary>What became of a value since its form was recorded.</summary>
internal enum ValueChange
{
    /// <summary>Nothing, or nothing that is worth a warning.</summary>
    None,

    /// <summary>It has changed, and its new form is recorded.</summary>
    Recorded,

    /// <summary>It has changed, or is changing, and what is recorded is its earlier form.</summary>
    Missed,
}
