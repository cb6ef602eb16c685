using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>What is drawn: nodes, edges, and, of a run, how it and each node ended.</summary>
/// <param name="Title">The DAG's name, or the sub-run's path.</param>
/// <param name="Nodes">The nodes, in order.</param>
/// <param name="Edges">The edges, as labels; each once.</param>
internal sealed record Picture(string Title, IReadOnlyList<PictureNode> Nodes, IReadOnlyList<(string From, string To)> Edges)
{
    /// <summary>The description of a DAG, or <see langword="null"/>.</summary>
    public string? Description { get; init; }

    /// <summary>The run, or <see langword="null"/> where a DAG is drawn.</summary>
    public RunFacts? Run { get; init; }
}

/// <summary>What is said of a run as a whole.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="Status">Its status, in lower case.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it ended, or <see langword="null"/>.</param>
internal sealed record RunFacts(string RunId, string Status, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt)
{
    /// <summary>How long it took, or <see langword="null"/>.</summary>
    public TimeSpan? Duration => FinishedAt - StartedAt;

    /// <summary>The errors beside which its nodes ended.</summary>
    public ErrorCounts Errors { get; init; }

    /// <summary>What its status looks like.</summary>
    public string Look => DagText.Look(Status, Errors);

    /// <summary>How it ended and how long it took.</summary>
    public string Caption => DagText.Took(Status, Errors, Duration);

    /// <summary>The node that failed, or <see langword="null"/>.</summary>
    public string? FailedNode { get; init; }

    /// <summary>The error, why it paused, or the first error beside which it completed; or <see langword="null"/>.</summary>
    public string? Error { get; init; }

    /// <summary>The run that it replays, or <see langword="null"/>.</summary>
    public string? ReplayedFrom { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Its source input as JSON, or <see langword="null"/>.</summary>
    public Func<string?> SourceInput { get; init; } = () => null;
}
