using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>What is drawn: nodes and edges, and for a run, how it and each node ended.</summary>
/// <param name="Title">The DAG's name, or the sub-run's path.</param>
/// <param name="Nodes">The nodes, in order.</param>
/// <param name="Edges">The edges, each once, from label to label.</param>
internal sealed record Picture(string Title, IReadOnlyList<PictureNode> Nodes, IReadOnlyList<(string From, string To)> Edges)
{
    /// <summary>The description of a DAG, or <see langword="null"/>.</summary>
    public string? Description { get; init; }

    /// <summary>The run, or <see langword="null"/> if a DAG is drawn.</summary>
    public RunFacts? Run { get; init; }

    /// <summary>The edges, as positions of the nodes.</summary>
    public IReadOnlyList<(int From, int To)> EdgePositions()
    {
        var positions = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var node in Nodes)
            positions[node.Label] = positions.Count;
        return [.. Edges.Select(edge => (positions[edge.From], positions[edge.To]))];
    }
}

/// <summary>The facts about a run as a whole.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="Status">Its status, in lower case.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it ended, or <see langword="null"/>.</param>
internal sealed record RunFacts(string RunId, string Status, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt)
{
    /// <summary>When the picture was made.</summary>
    public DateTimeOffset AsOf { get; } = DateTimeOffset.UtcNow;

    /// <summary>Whether it is running, so that its picture will be out of date.</summary>
    public bool IsLive => Status == "running";

    /// <summary>If its process ended, the last thing that is known of it; or <see langword="null"/>.</summary>
    public DateTimeOffset? LastKnownAt { get; init; }

    /// <summary>When it ended; for a running run, now; if the end is not known, the last that is known of it.</summary>
    public DateTimeOffset EndedAt => FinishedAt ?? (IsLive ? AsOf : LastKnownAt ?? StartedAt);

    /// <summary>How long it took, or has run so far; <see langword="null"/> if that is not known.</summary>
    public TimeSpan? Elapsed { get; init; }

    /// <summary>How long it took, as words: of an interrupted run it is known that it ran at least so long.</summary>
    public string ElapsedText =>
        Elapsed is null ? "" : $"{(FinishedAt is null && !IsLive ? "more than " : "")}{DagText.Duration(Elapsed)}";

    /// <summary>How long it was stopped before it was restarted.</summary>
    public TimeSpan Idle { get; init; }

    /// <summary>The errors that did not fail it.</summary>
    public ErrorCounts Errors { get; init; }

    /// <summary>The look of its status.</summary>
    public string Look => DagText.Look(Status, Errors);

    /// <summary>How it ended and how long it took.</summary>
    public string Caption => DagText.Took(Status, Errors, IsReused ? null : Elapsed);

    /// <summary>Whether its output was taken over: nothing ran.</summary>
    public bool IsReused => Status == NodeStatus.Skipped.ToName();

    /// <summary>The node that failed, or <see langword="null"/>.</summary>
    public string? FailedNode { get; init; }

    /// <summary>
    /// The error, the reason of a pause, or the first error of a run that completed with errors; otherwise <see langword="null"/>.
    /// </summary>
    public string? Error { get; init; }

    /// <summary>The run that it replays, or <see langword="null"/>.</summary>
    public string? ReplayedFrom { get; init; }

    /// <summary>The newest replay of a run in which something failed, or <see langword="null"/>.</summary>
    public string? ReplayedAs { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The labels of the targets; empty if all nodes run.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Who started it, for people; empty if that is not known.</summary>
    public string Starter { get; init; } = "";

    /// <summary>For a running run, the process that works on it; otherwise <see langword="null"/>.</summary>
    public string? Owner { get; init; }

    /// <summary>How to continue it, or <see langword="null"/>.</summary>
    public Func<string?> GoOn { get; init; } = () => null;

    /// <summary>Its source input as JSON, or <see langword="null"/>.</summary>
    public Func<string?> SourceInput { get; init; } = () => null;
}
