using Lythonic.Dag.Provenance;
using Lythonic.Dag.Watching;

namespace Lythonic.Dag.Engine.Tests.Watching;

/// <summary>What somebody might see who watches a run.</summary>
internal static class Views
{
    public static readonly DateTimeOffset At = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static StoredRun Running { get; } =
        new(default, "71e27cd5-0000-4000-8000-000000000000", "nightly", "nightly", DagRunStatus.Running, At, null);

    private static ElementView Slow { get; } = new("slow", "load", At.AddSeconds(50), null, null, null);

    private static ElementView Quick { get; } = new("quick", "load", At.AddSeconds(59.5), null, null, null);

    /// <summary>A run that has gone on for a minute: nodes in many states, a map with a slow element, errors and a message.</summary>
    public static RunView Live { get; } = View(
        DagRunStatus.Running,
        Node("fetch", NodeStatus.Completed) with { FinishedAt = At.AddSeconds(2.1) },
        Node("parse", NodeStatus.Running) with
        {
            Kind = NodeKind.Map,
            Map = new MapView(10_000, 2_500, 3, 4)
            {
                Rate = 125,
                Elements = [Slow, Quick],
            },
        },
        Node("send", NodeStatus.Waiting) with
        {
            Attempt = 2, StartedAt = null, Waits = "Attempt 1 failed: 503\nlater", WaitsUntil = At.AddSeconds(71.5),
        },
        Node("tidy", NodeStatus.Running) with { Kind = NodeKind.Call },
        Node("tidy/drop", NodeStatus.Failed) with
        {
            Label = "drop", Depth = 1, FinishedAt = At.AddSeconds(5), Error = "no\nroom", Host = "web1",
        },
        Node("report", NodeStatus.Pending) with { StartedAt = null, Waits = "parse and tidy" }) with
    {
        Messages = [new WatchedMessage("fetch", "warning", "\e[31mthe mirror\e[0m is\tslow\nvery", At)],
        Failures =
        [
            new WatchedFailure("parse[22]", "line 77 has no date\nat parse, line 3", At), new WatchedFailure("tidy/drop", "no\nroom", At),
        ],
        FailureCount = 4,
    };

    /// <summary>The run that the guide shows.</summary>
    public static RunView OfGuide { get; } = View(
        DagRunStatus.Running,
        Node("fetch", NodeStatus.Completed) with { FinishedAt = At.AddSeconds(1.5) },
        Node("parse", NodeStatus.Running) with
        {
            Kind = NodeKind.Map,
            Map = new MapView(2_000, 807, 8, 4) { Rate = 79, Elements = [new("700", "parse", At.AddSeconds(8), null, null, null)] },
        },
        Node("send", NodeStatus.Waiting) with
        {
            Attempt = 3, StartedAt = null, Waits = "Attempt 2 failed: 503", WaitsUntil = At.AddSeconds(14.5),
        },
        Node("tidy", NodeStatus.Pending) with { StartedAt = null, Waits = "send" },
        Node("index", NodeStatus.Completed) with { FinishedAt = At.AddSeconds(2) },
        Node("report", NodeStatus.Pending) with { StartedAt = null, Waits = "parse and tidy" }) with
    {
        Run = Running with { Owner = "process 4242 on vm", StartedBy = "ann@vm" },
        Messages = [new WatchedMessage("fetch", "warning", "the mirror is slow", At)],
        Failures = [.. Enumerable.Range(1, 8).Select(n => new WatchedFailure($"parse[{n}]", $"line {n} has no date", At))],
        FailureCount = 8,
    };

    public static NodeView Node(string path, NodeStatus status) => new(path, path, 0, NodeKind.ScriptBlock, status, 1) { StartedAt = At };

    public static RunView View(DagRunStatus status, params NodeView[] nodes) => new(
        new StoredRun(default, "71e27cd5-0000-4000-8000-000000000000", "nightly", "nightly", status, At,
            status == DagRunStatus.Running ? null : At.AddMinutes(1)) { Owner = "process 42 on vm", StartedBy = "jane@vm" },
        nodes, [], [], 0);
}
