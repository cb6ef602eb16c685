namespace Lythonic.Dag.Execution;

/// <summary>How a value has changed since its form was recorded.</summary>
internal enum ValueChange
{
    /// <summary>It has not changed, or not in a way that is worth a warning.</summary>
    None,

    /// <summary>It has changed, and its new form is recorded.</summary>
    Recorded,

    /// <summary>It has changed, or is changing, and its earlier form is the recorded one.</summary>
    Missed,
}
