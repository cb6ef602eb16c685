using System.Globalization;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Watching;

/// <summary>The words of a view.</summary>
internal static class WatchText
{
    private const int RunsNamed = 3;
    private const string OnMachine = " on ";

    /// <summary>The word for a status.</summary>
    public static string Status(NodeStatus status) => status switch
    {
        NodeStatus.Skipped => "reused",
        NodeStatus.UpstreamFailed => "not run",
        _ => status.ToName(),
    };

    /// <summary>The progress of a map.</summary>
    public static string Done(MapView map) => map.Total is { } total
        ? Text($"{Math.Min(map.Done + map.Failed, total):N0} of {total:N0}")
        : Text($"{map.Done:N0} done");

    /// <summary>The progress of a map that did not get to its end: <c>10 of 30 done</c>.</summary>
    public static string DoneOf(MapView map) => map.Total is null ? Done(map) : $"{Done(map)} done";

    /// <summary>The progress of a map, with the elements that failed, which are among those that are done.</summary>
    public static string DoneAndFailed(MapView map)
    {
        var (done, failed) = DoneParts(map);
        return done + failed;
    }

    /// <summary>The same in two parts, of which the second is empty if no element failed.</summary>
    public static (string Done, string Failed) DoneParts(MapView map) => (map.Failed, map.Total) switch
    {
        (0, _) => (Done(map), ""),
        (_, null) => (Text($"{map.Done + map.Failed:N0} done, "), Text($"{map.Failed:N0} of them failed")),
        _ => ($"{Done(map)} done, ", Text($"{map.Failed:N0} of them failed")),
    };

    /// <summary>How fast elements end, or <see langword="null"/> if that is not known.</summary>
    public static string? Rate(MapView map) => map.Rate switch
    {
        null or <= 0 => null,
        >= 9.95 and var rate => Text($"{rate:N0}/s"),
        >= 0.095 and var rate => Text($"{rate:0.0}/s"),
        { } rate when rate * 60 >= 0.95 => Text($"{rate * 60:0}/min"),
        { } rate => Text($"{rate * 3600:0}/h"),
    };

    /// <summary>How long the rest of a map will take, or <see langword="null"/> if that is not known.</summary>
    public static string? Left(MapView map) => map.Left is { } left ? $"{DurationText.Rough(left)} left" : null;

    /// <summary>What a node waits for, or <see langword="null"/>.</summary>
    /// <param name="node">The node.</param>
    /// <param name="now">The current time.</param>
    public static string? Wait(NodeView node, DateTimeOffset now) => node switch
    {
        { Waits: null } => null,
        { Status: NodeStatus.Pending } => $"waits for {node.Waits}",
        { WaitsUntil: { } until } => $"attempt {node.Attempt}{In(until, now)}: {Reason(node.Waits)}",
        _ => Reason(node.Waits),
    };

    /// <summary>What something waits for, on one line.</summary>
    public static string Reason(string waits) => Lower(FirstLine(waits));

    /// <summary>When a wait ends, such as <c> in 12 s</c>.</summary>
    public static string In(DateTimeOffset until, DateTimeOffset now) =>
        until > now ? $" in {DurationText.Rough(until - now + TimeSpan.FromSeconds(1))}" : " soon";

    /// <summary>Why a node ended as it did, on one line, without what its status says.</summary>
    /// <param name="node">The node.</param>
    public static string Cause(NodeView node)
    {
        // It stands behind what was done until then, where there is little room.
        if (node is { Status: NodeStatus.Cancelled, Error: StoredNodeRun.ProcessEnded })
            return "its process ended";
        var (cause, said) = (ErrorPlace.Beside(node.Label, FirstLine(node.Error)), $"{Status(node.Status)}: ");
        return cause.StartsWith(said, StringComparison.OrdinalIgnoreCase) ? cause[said.Length..] : cause;
    }

    /// <summary>Why a run ended as it did, on one line: the node that failed, and its error.</summary>
    public static string Cause(StoredRun run) => run.FailedNode is { } node
        ? ErrorPlace.After(node, FirstLine(run.Error))
        : FirstLine(run.Error);

    /// <summary>Whether one of the errors of a view says why its run failed.</summary>
    public static bool SaysWhyItFailed(WatchedFailure failure, StoredRun run) =>
        Cause(run).StartsWith($"{failure.Where}: {FirstLine(failure.Text)}", StringComparison.Ordinal);

    /// <summary>How long a run took that has ended.</summary>
    /// <param name="run">The run.</param>
    /// <param name="ran">The time; if its process ended, it is known that it ran at least so long.</param>
    public static string Took(StoredRun run, TimeSpan ran) =>
        $"{(run.Status == DagRunStatus.Interrupted ? "more than " : "")}{DurationText.Render(ran)}";

    /// <summary>The runs that go on beside the one that is watched; <see langword="null"/> if there are none.</summary>
    /// <param name="view">The view.</param>
    /// <param name="room">How many letters there is room for. One run is named even if that is too little.</param>
    public static string? Beside(RunView view, int room = int.MaxValue)
    {
        string? text = null;
        for (var named = Math.Min(RunsNamed, view.Beside.Count); named > 0 && (text is null || text.Length > room); named--)
        {
            var names = view.Beside.Take(named).Select(run => $"{run.DagName} {RunIds.Short(run.RunId)}"
                + (run.Owner is null || run.Owner == view.Run.Owner ? "" : $" ({Process(run.Owner, view.Run.Owner)})"));
            var more = view.Beside.Count > named ? Text($" and {view.Beside.Count - named:N0} more") : "";
            text = $"also running: {string.Join(", ", names)}{more}";
        }

        return text;
    }

    /// <summary>The process of a run, without its machine if that is the machine of another run.</summary>
    /// <param name="owner">The process with its machine, as in <see cref="StoredRun.Owner"/>.</param>
    /// <param name="other">That of the other run, or <see langword="null"/>.</param>
    public static string Process(string owner, string? other)
    {
        var end = owner.IndexOf(OnMachine, StringComparison.Ordinal);
        return end > 0 && other is not null && other.EndsWith(owner[end..], StringComparison.Ordinal) ? owner[..end] : owner;
    }

    /// <summary>The first line of a text.</summary>
    public static string FirstLine(string? text) => (text ?? "").TrimStart().Split(['\r', '\n'], 2)[0].TrimEnd();

    /// <summary>A number with its noun, in singular or plural.</summary>
    public static string Count(int count, string one, string many) => Text($"{count:N0} {(count == 1 ? one : many)}");

    /// <summary>The local time of day.</summary>
    public static string TimeOfDay(DateTimeOffset time) => time.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Lower(string text) => text.Length == 0 ? text : char.ToLowerInvariant(text[0]) + text[1..];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
