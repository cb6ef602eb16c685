namespace Lythonic.Dag;

/// <summary>How a node of a run ended.</summary>
/// <param name="Label">Its label.</param>
/// <param name="Kind">The kind of node.</param>
/// <param name="Status">How it ended; <see cref="NodeStatus.Pending"/> if it never started.</param>
/// <param name="Attempt">The number of its last attempt, from 1; 0 if it never started.</param>
/// <param name="StartedAt">When its last attempt began, or <see langword="null"/>.</param>
/// <param name="FinishedAt">When it ended, or <see langword="null"/>.</param>
/// <param name="Error">Its error, or the first error of a node that completed with errors; otherwise <see langword="null"/>.</param>
public sealed record NodeResult(
    string Label,
    NodeKind Kind,
    NodeStatus Status,
    int Attempt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string? Error)
{
    /// <summary>The errors that it wrote without failing, and its elements that failed.</summary>
    public ErrorCounts Errors { get; init; }

    /// <summary>The name of the host that its last attempt ran on, or <see langword="null"/> for the process that owned the run.</summary>
    public string? Host { get; init; }

    /// <summary>For a reused node, the id of the run in which its code ran; otherwise <see langword="null"/>.</summary>
    public string? ReusedFrom { get; init; }

    /// <summary>For a map, the number of its elements that were reused; 0 if that is not known.</summary>
    internal int ReusedElements { get; init; }

    /// <summary>For a map, the number of its elements that were tried more than once; 0 if that is not known.</summary>
    internal int RetriedElements { get; init; }

    /// <summary>Whether the run overrode its code, so that other code ran in its place.</summary>
    internal bool IsOverridden { get; init; }

    /// <summary>For a map, the number of its elements if it is known; otherwise <see langword="null"/>.</summary>
    internal int? ElementCount { get; init; }

    /// <summary>
    /// The number of its last attempt among those that ran it, for people; 0 if that attempt did not run it, because of another node or a
    /// condition, or because it was reused.
    /// </summary>
    internal int Tries
    {
        get => Status.RanNothing() ? 0 : field == 0 ? Attempt : field;
        init;
    }

    /// <summary>How many of the errors are elements, its own or inside a sub-run, that made it fail.</summary>
    internal int Causes { get; init; }

    /// <summary>The messages that it wrote, limited in number and length. Empty if a store keeps them.</summary>
    public IReadOnlyList<NodeMessage> Messages { get; init; } = [];
}
