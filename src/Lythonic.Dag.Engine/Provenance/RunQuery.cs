namespace Lythonic.Dag.Provenance;

/// <summary>Which runs to find. A property that is left out does not restrict the result.</summary>
public sealed record RunQuery
{
    /// <summary>Whole ids of runs.</summary>
    public IReadOnlyList<string> RunIds { get; init; } = [];

    /// <summary>Names of DAGs, compared without case. The wildcards <c>*</c> and <c>?</c> are allowed.</summary>
    public IReadOnlyList<string> DagNames { get; init; } = [];

    /// <summary>Statuses of runs. <see cref="DagRunStatus.Interrupted"/> is allowed.</summary>
    public IReadOnlyList<DagRunStatus> Statuses { get; init; } = [];

    /// <summary>Tags, compared without case. A run with one of them is found.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Find only runs that began at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Find only runs that began at this time or earlier.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How many runs to find at most.</summary>
    public int? First { get; init; }

    /// <summary>Whether to find sub-runs too.</summary>
    public bool IncludeSubRuns { get; init; }
}
