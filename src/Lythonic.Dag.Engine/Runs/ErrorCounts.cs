namespace Lythonic.Dag;

/// <summary>The number of errors that a node, or the nodes of a run, wrote without failing, and of the elements that failed.</summary>
/// <param name="All">All errors: those that were written, sub-runs included, and elements that failed.</param>
/// <param name="Failed">How many elements failed, without those of sub-runs.</param>
/// <param name="Elements">If some elements failed, how many there were in all; otherwise 0.</param>
public readonly record struct ErrorCounts(int All, int Failed = 0, int Elements = 0)
{
    /// <summary>The errors that were written, without failures of elements.</summary>
    public int Written => All - Failed;

    /// <summary>What a user is told: what failed has an error, even if none of these is counted.</summary>
    /// <param name="hasFailed">Whether the run or node of these errors failed.</param>
    internal int Told(bool hasFailed) => hasFailed ? Math.Max(1, All) : All;

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
