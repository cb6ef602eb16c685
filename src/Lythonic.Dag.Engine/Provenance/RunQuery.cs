namespace Lythonic.Dag.Provenance;

/// <summary>Which runs to find. What is left out does not restrict.</summary>
public sealed record RunQuery
{
    /// <summary>DAG names, wildcards <c>*</c> and <c>?</c> allowed, without case.</summary>
    public IReadOnlyList<string> DagNames { get; init; } = [];

    /// <summary>Statuses; <see cref="DagRunStatus.Interrupted"/> among them.</summary>
    public IReadOnlyList<DagRunStatus> Statuses { get; init; } = [];

    /// <summary>Tags; a run fits that has one of them, without case.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Begun at this moment or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Begun at this moment or earlier.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>At most so many.</summary>
    public int? First { get; init; }

    /// <summary>Sub-runs too.</summary>
    public bool IncludeSubRuns { get; init; }
}
