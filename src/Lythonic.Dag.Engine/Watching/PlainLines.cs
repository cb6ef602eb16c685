using System.Globalization;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Watching;

/// <summary>Turns views of a run into lines, one for each change, for hosts without a screen.</summary>
internal sealed class PlainLines
{
    private readonly Dictionary<string, (NodeStatus Status, int Attempt, string? Waits, int Tenth)> _shown = [];
    private HashSet<WatchedMessage> _said = new(ReferenceEqualityComparer.Instance);
    private DagRunStatus? _status;
    private int _failures;
    private int _failureCount;

    /// <summary>The lines for what has changed since the last view, each with the time of the change if it is known.</summary>
    /// <param name="view">The view of the run.</param>
    /// <param name="now">The current time.</param>
    public IEnumerable<string> Next(RunView view, DateTimeOffset now)
    {
        var lines = new List<(DateTimeOffset Time, string Text)>();
        // What has no time of its own is older than the end of the run, if the run has ended.
        var latest = view.Run.FinishedAt ?? (_status is null ? view.Run.LastKnownAt : null) ?? now;
        foreach (var node in view.Nodes)
        {
            var began = _shown.ContainsKey(node.Path) ? null : node.StartedAt;
            if (LineOf(node, now) is { } line)
                lines.Add((node.FinishedAt ?? began ?? latest, $"{node.Path}: {line}"));
        }

        lines.AddRange(Failures(view, latest));
        lines.AddRange(view.Messages.Where(message => !_said.Contains(message))
            .Select(message => (message.Time, $"{message.Where}: {Said(message)}")));
        _said = new(view.Messages, ReferenceEqualityComparer.Instance);
        var all = lines.OrderBy(line => line.Time).AsEnumerable();
        if (_status is null)
            all = all.Prepend((view.Run.StartedAt, Begin(view.Run)));
        if (_status is null && WatchText.Beside(view) is { } beside)
            all = all.Append((now, $"{view.Run.Path}: {beside}"));
        if (_status is null or DagRunStatus.Running && !view.IsLive)
            all = all.Append((latest, End(view)));
        _status = view.Run.Status;
        return all.Select(line => $"{WatchText.TimeOfDay(line.Time)} {line.Text}");
    }

    private static string Begin(Provenance.StoredRun run) =>
        $"{run.Path}: run {run.RunId}, begun at {WatchText.TimeOfDay(run.StartedAt)}{(run.Owner is null ? "" : $", in {run.Owner}")}"
            + (run.BesideName is { } what ? $": {what}" : "");

    private static string End(RunView view)
    {
        var run = view.Run;
        var took = view.IsLive || run.Ran(default) is not { } ran ? "" : $", {WatchText.Took(run, ran)}";
        // That there is one error, failed says already.
        var errors = run.Errors.All > (run.Status == DagRunStatus.Failed ? 1 : 0)
            ? $", {WatchText.Count(run.Errors.All, "error", "errors")}" : "";
        var why = run.Error is null || run.Status == DagRunStatus.Completed ? ""
            : view.Failures.FirstOrDefault(failure => WatchText.SaysWhyItFailed(failure, run)) is { } told ? $": {told.Where}"
            : $": {WatchText.Cause(run)}";
        return $"{run.Path}: {run.Status.ToName()}{errors}{took}{why}";
    }

    // A node that has not started has not changed.
    private string? LineOf(NodeView node, DateTimeOffset now)
    {
        var tenth = node is { Status: NodeStatus.Running, Map.Share: { } share } ? (int)(share * 10) : -1;
        var shown = (node.Status, node.Attempt, node.Status == NodeStatus.Waiting ? node.Waits : null, tenth);
        if (node.Status == NodeStatus.Pending || (_shown.TryGetValue(node.Path, out var before) && before == shown))
            return null;
        _shown[node.Path] = shown;
        return node.Status switch
        {
            NodeStatus.Waiting => WatchText.Wait(node, now),
            NodeStatus.Running when node.Map is { } map => Joined(
                "running", WatchText.DoneAndFailed(map), WatchText.Rate(map), WatchText.Left(map)),
            NodeStatus.Running => Joined("running", Attempt(node), Host(node), node.Branch),
            _ => Ended(node, now),
        };
    }

    private static string Ended(NodeView node, DateTimeOffset now)
    {
        var took = node.Elapsed(now) is { } elapsed ? DurationText.Render(elapsed) : null;
        // The nodes inside a call or switch node have lines of their own.
        var isToldInside = node.Status == NodeStatus.Failed && node.Kind.RunsOneSubRun();
        var errors = node.Errors.Written > 0 && !isToldInside ? WatchText.Count(node.Errors.Written, "error", "errors") : null;
        var map = node.Map is not { Total: > 0 } some ? null
            : some.Failed == 0 && node.Status != NodeStatus.Completed ? WatchText.DoneOf(some)
            : WatchText.DoneAndFailed(some);
        var line = Joined(WatchText.Status(node.Status), Attempt(node), map, errors, Host(node), took);
        return node.Error is null || node.Map?.Failed > 0 ? line : $"{line}: {WatchText.Cause(node)}";
    }

    private List<(DateTimeOffset Time, string Text)> Failures(RunView view, DateTimeOffset latest)
    {
        var nodes = view.Nodes.Select(node => node.Path).ToHashSet();
        var lines = view.Failures.Skip(_failures)
            .Where(failure => !nodes.Contains(failure.Where))
            .Select(failure => (failure.Time, $"{failure.Where}: failed: {WatchText.FirstLine(failure.Text)}"))
            .ToList();
        var untold = view.FailureCount - _failureCount - view.Failures.Skip(_failures).Count(failure => !failure.IsTriedAgain);
        if (untold > 0)
            lines.Add((latest, $"{view.Run.Path}: {WatchText.Count(untold, "more error", "more errors")}"));
        (_failures, _failureCount) = (view.Failures.Count, view.FailureCount);
        return lines;
    }

    // Without its stream, a message such as 'completed' would read like a status.
    private static string Said(WatchedMessage message) => $"{message.Stream}: {WatchText.FirstLine(message.Text)}";

    private static string? Attempt(NodeView node) =>
        node.Attempt > 1 ? string.Create(CultureInfo.InvariantCulture, $"attempt {node.Attempt}") : null;

    private static string? Host(NodeView node) => node.Host is null ? null : $"on {node.Host}";

    private static string Joined(params string?[] parts) => string.Join(", ", parts.Where(part => !string.IsNullOrEmpty(part)));
}
