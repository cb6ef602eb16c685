namespace Lythonic.Dag;

/// <summary>How many errors did not fail a node, or the nodes of a run: they were written, or allowed.</summary>
/// <param name="All">All of them: errors that were written, there and in sub-runs, and elements that were allowed to fail.</param>
/// <param name="Failed">How many elements were allowed to fail; those of sub-runs are not among them.</param>
/// <param name="Elements">How many elements there were, where some were allowed to fail; else 0.</param>
public readonly record struct ErrorCounts(int All, int Failed = 0, int Elements = 0)
{
    /// <summary>The errors that were written, and are no element's failure.</summary>
    public int Written => All - Failed;

    /// <summary>Both together.</summary>
    /// <param name="one">Some errors.</param>
    /// <param name="other">Others.</param>
    public static ErrorCounts operator +(ErrorCounts one, ErrorCounts other) => Add(one, other);

    /// <summary>Both together.</summary>
    /// <param name="one">Some errors.</param>
    /// <param name="other">Others.</param>
    public static ErrorCounts Add(ErrorCounts one, ErrorCounts other) =>
        new(one.All + other.All, one.Failed + other.Failed, one.Elements + other.Elements);
}
