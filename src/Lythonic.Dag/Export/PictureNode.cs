using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>A node that is drawn.</summary>
/// <param name="Label">Its label.</param>
/// <param name="Kind">The kind of node.</param>
internal sealed record PictureNode(string Label, NodeKind Kind)
{
    /// <summary>The status of a node in the picture of a DAG, which has no run.</summary>
    public const string None = "none";

    /// <summary>What is said of a node that lies on a cycle.</summary>
    public const string OnCycle = "on a cycle";

    /// <summary>The kind, in lower case.</summary>
    public string KindName => Kind.ToString().ToLowerInvariant();

    /// <summary>A short text for what it runs; empty if unknown.</summary>
    public string Description { get; init; } = "";

    /// <summary>The full code, for a page; empty if unknown, or if the description says it all.</summary>
    public string Code { get; init; } = "";

    /// <summary>Its status, in lower case; <see cref="None"/> if a DAG is drawn.</summary>
    public string Status { get; init; } = None;

    /// <summary>Its latest attempt, or <see langword="null"/> if there is none.</summary>
    public NodeFacts? Run { get; init; }

    /// <summary>Why it has not started, if a failure is the reason; otherwise <see langword="null"/>.</summary>
    public string? Why { get; init; }

    /// <summary>Its sub-DAGs, or those of its sub-runs that are drawn.</summary>
    public IReadOnlyList<PicturePart> Parts { get; init; } = [];

    /// <summary>Its <c>-When</c>, if that is known.</summary>
    public NodeWhen When { get; init; }

    /// <summary>Whether it has a condition.</summary>
    public bool IsConditional { get; init; }

    /// <summary>Whether its edges form a cycle, which keeps the DAG from running.</summary>
    public bool IsOnCycle { get; init; }

    /// <summary>
    /// The text in a drawing for when it runs, or that it is on a cycle; <see langword="null"/> if it runs after its upstreams.
    /// </summary>
    public string? Mark
    {
        get
        {
            var when = When switch { NodeWhen.Always => "always", NodeWhen.Failed => "when failed", _ => null };
            var marks = string.Join(", ", new[] { IsOnCycle ? OnCycle : null, when, IsConditional ? "if" : null }.OfType<string>());
            return marks.Length == 0 ? null : marks;
        }
    }

    /// <summary>Whether it runs sub-DAGs.</summary>
    public bool IsComposite => Kind.IsComposite();

    /// <summary>How many of its sub-runs ended with each status, drawn or not; empty if there are none.</summary>
    public IReadOnlyList<(string Status, int Count)> SubRuns { get; init; } = [];

    /// <summary>How many sub-runs it has.</summary>
    public int SubRunCount => SubRuns.Sum(entry => entry.Count);

    /// <summary>How many of its sub-runs are not drawn.</summary>
    public int Hidden => Math.Max(0, SubRunCount - Parts.Count);

    /// <summary>The errors that did not fail its latest attempt.</summary>
    public ErrorCounts Errors => Run?.Errors ?? default;

    /// <summary>What its status looks like.</summary>
    public string Look => DagText.Look(Status, Errors);

    /// <summary>The line under the label if there is little room: errors come before the duration.</summary>
    public string ShortCaption => Look == Status ? Caption : DagText.Word(Status, Errors);

    /// <summary>The line under the label: kind, or status and duration.</summary>
    public string Caption
    {
        get
        {
            if (Status == None)
                return KindName;
            var attempt = Run is { Attempt: > 1 } ? $", try {Run.Attempt}" : "";
            var took = Status is "skipped" or "omitted" or "upstream_failed" ? null : Run?.Duration;
            return DagText.Took(Status, Errors, took) + attempt;
        }
    }
}

/// <summary>A sub-DAG, or a sub-run.</summary>
/// <param name="Key">The branch or the key of the element; <see langword="null"/> if there is only one sub-DAG.</param>
/// <param name="Picture">The picture of what is inside.</param>
internal sealed record PicturePart(string? Key, Picture Picture)
{
    /// <summary>Its name for people: its key, and a short text of its value if the key is only a position.</summary>
    public string? Name { get; init; } = Key is null ? null : $"[{Key}]";

    /// <summary>Its name after the label of its node.</summary>
    public string Title(string label) => Key is null ? $"{label}: {Picture.Title}"
        : Picture.Run is { } run ? $"{label}[{Key}] {run.Caption}"
        : $"{label}[{Key}]: {Picture.Title}";
}

/// <summary>The facts about a node run. Input, output and messages are read on demand.</summary>
/// <param name="Attempt">The number of the attempt among those that ran the node, from 1; 0 if it did not run it.</param>
/// <param name="StartedAt">When it started, or <see langword="null"/>.</param>
/// <param name="FinishedAt">When it ended, or <see langword="null"/>.</param>
/// <param name="Error">Its error, or <see langword="null"/>.</param>
internal sealed record NodeFacts(int Attempt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, string? Error)
{
    /// <summary>How it ended, in lower case.</summary>
    public required string Status { get; init; }

    /// <summary>The errors that did not fail it.</summary>
    public ErrorCounts Errors { get; init; }

    /// <summary>What its status looks like.</summary>
    public string Look => DagText.Look(Status, Errors);

    /// <summary>How long it took, or <see langword="null"/>.</summary>
    public TimeSpan? Duration => FinishedAt - StartedAt;

    /// <summary>The name of the host that it ran on, or <see langword="null"/>.</summary>
    public string? Host { get; init; }

    /// <summary>For a reused node, the id of the run in which its code ran; otherwise <see langword="null"/>.</summary>
    public string? ReusedFrom { get; init; }

    /// <summary>For a map, how many of its elements were tried more than once; 0 if that is not known.</summary>
    public int RetriedElements { get; init; }

    /// <summary>Its input as JSON, or <see langword="null"/>.</summary>
    public Func<string?> Input { get; init; } = () => null;

    /// <summary>Its output as JSON, or <see langword="null"/>.</summary>
    public Func<string?> Output { get; init; } = () => null;

    /// <summary>Its messages.</summary>
    public Func<IReadOnlyList<NodeMessage>> Messages { get; init; } = () => [];

    /// <summary>Its earlier attempts, in order.</summary>
    public IReadOnlyList<NodeFacts> Earlier { get; init; } = [];
}
