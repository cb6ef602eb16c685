using System.Globalization;
using Lythonic.Dag.Values;
using Lythonic.Dag.Watching;
using Spectre.Console;

namespace Lythonic.Dag.Terminal;

/// <summary>
/// Draws a run that is watched. The screen depends only on the view of the run, the state that the user has set, and the size.
/// </summary>
/// <param name="glyphs">The signs.</param>
/// <param name="width">How many columns there are.</param>
/// <param name="height">How many lines there are.</param>
/// <param name="now">What time it is.</param>
internal sealed class RunDrawing(Glyphs glyphs, int width, int height, DateTimeOffset now)
{
    private const int SummaryRows = 60;
    private const int SummaryErrors = 5;
    private const int ErrorRows = 3;

    /// <summary>Draws the screen.</summary>
    /// <param name="view">The view of the run.</param>
    /// <param name="notice">A message for the user, or <see langword="null"/>.</param>
    /// <param name="state">What the user has set.</param>
    public Frame Draw(RunView view, string? notice, ScreenState state) => state.ShowsErrors && view.Failures.Count > 0
        ? new ErrorDrawing(glyphs, width, height).Draw(view, state)
        : Nodes(view, notice, state);

    /// <summary>Draws the summary that stays on the terminal after the screen is closed.</summary>
    /// <param name="view">The last view of the run.</param>
    /// <param name="advice">What the user can do now, or <see langword="null"/>.</param>
    /// <param name="state">What the user has set: the error that was being read when the screen closed is in the summary in full.</param>
    public Frame Summary(RunView view, string? advice, ScreenState? state = null)
    {
        var read = state is { ShowsErrors: true } && view.Failures.Count > 0
            ? new ErrorDrawing(glyphs, width, height).Whole(view, state)
            : [];
        if (view.IsLive)
            return new([.. read, .. Head(view), Whole(advice)]);
        var rows = new NodeRows(glyphs, width, now).Draw(view, withElements: false);
        List<Line> lines = [.. read, .. Head(view), .. rows.Take(SummaryRows).Select(row => row.Line)];
        if (rows.Count > SummaryRows)
            lines.Add(New().Add($"  {WatchText.Count(rows.Count - SummaryRows, "more node", "more nodes")}", Look.Dim));
        lines.AddRange(Errors(view, rows));
        if (advice is not null)
            lines.Add(Whole(advice));
        return new(lines);
    }

    // A command that is cut cannot be copied. The terminal wraps it.
    private static Line Whole(string? text) => new Line(int.MaxValue).Add(text);

    // The paths of the nodes whose rows have room for their errors.
    private static IEnumerable<string> ToldInRows(RunView view, List<(Line Line, bool IsActive)> rows) =>
        rows.Zip(view.Nodes).Where(row => !row.First.Line.IsCut).Select(row => row.Second.Path);

    private IEnumerable<Line> Errors(RunView view, List<(Line Line, bool IsActive)> rows)
    {
        var nodes = ToldInRows(view, rows).ToHashSet();
        var all = view.Failures.Where(failure => !nodes.Contains(failure.Where)).ToList();
        // What made the run fail is in the head.
        var others = all.Where(failure => view.Run.Status != DagRunStatus.Failed || !WatchText.SaysWhyItFailed(failure, view.Run)).ToList();
        foreach (var line in others.Take(SummaryErrors).SelectMany(Told))
            yield return line;
        var more = view.FailureCount - view.Failures.Count(failure => !failure.IsTriedAgain) + others.Count - SummaryErrors;
        if (more > 0)
            yield return New().Add(WatchText.Count(more, "more error", "more errors"), Look.Dim);
    }

    // An error on a few lines, its place first.
    private IEnumerable<Line> Told(WatchedFailure failure) =>
        Folded(IsElementOf(failure) ? "" : $"{Place(failure.Where)}: ", WatchText.FirstLine(failure.Text), Look.Plain);

    // The error of a node that names the element inside says the node too.
    private static bool IsElementOf(WatchedFailure failure) => failure.Text.StartsWith($"{failure.Where}[", StringComparison.Ordinal);

    // A long path would leave no room for what is said there.
    private string Place(string path) => Line.Place(Line.Clean(path), Math.Max(12, width * 2 / 5));

    private IEnumerable<Line> Folded(string place, string text, Style style)
    {
        var rows = ErrorDrawing.Fold(Line.Clean(place + text), Math.Max(1, width)).ToList();
        for (var row = 0; row < Math.Min(ErrorRows, rows.Count); row++)
        {
            var shown = row + 1 == ErrorRows && rows.Count > ErrorRows ? $"{rows[row].TrimEnd(' ', ',', ';', ':', '.')}…" : rows[row];
            var isPlace = row == 0 && shown.StartsWith(place, StringComparison.Ordinal);
            yield return isPlace ? New().Add(place, Look.Bad).Add(shown[place.Length..], style) : New().Add(shown, style);
        }
    }

    private Frame Nodes(RunView view, string? notice, ScreenState state)
    {
        List<Line> lines = [.. Head(view)];
        if (notice is not null)
            lines.AddRange(notice.Split('\n').Select(line => New().Add(line, Look.Warned)));
        lines.Add(Rule());
        var room = Math.Max(1, height - lines.Count - 1);
        var draw = new NodeRows(glyphs, width, now);
        var rows = draw.Draw(view, withElements: true);
        var said = Math.Min(view.Messages.Count, height < 30 ? 4 : 10);
        if (rows.Count > room - said - (said > 0 ? 1 : 0))
            rows = draw.Draw(view, withElements: false);
        var forNodes = Math.Max(Math.Min(3, room), room - said - (said > 0 ? 1 : 0));
        var offset = Offset(rows, forNodes, state.Offset);
        lines.AddRange(Window(rows, forNodes, offset));
        var left = room - Math.Min(rows.Count, forNodes) - 1;
        if (view.Messages.Count > 0 && left > 0)
            lines.AddRange(Messages(view, left));
        // What failed in a map in flight is no message yet.
        var known = (view.Failures.Count == 0 ? [] : ToldInRows(view, draw.Draw(view, withElements: false)))
            .Concat(view.Messages.Where(message => message.Stream == "error").Select(message => message.Where)).ToHashSet();
        var errors = view.Failures.Where(failure => !failure.IsTriedAgain && !known.Contains(failure.Where)).SelectMany(Told).ToList();
        if (errors.Count > 0 && height - 1 - lines.Count > 1)
            lines.AddRange([Rule(), .. errors.Take(height - 2 - lines.Count)]);
        while (lines.Count < height - 1)
            lines.Add(New());
        lines.Add(Keys(view, isAsked: notice is not null));
        return new(lines, offset);
    }

    private IEnumerable<Line> Head(RunView view)
    {
        var run = view.Run;
        var took = run.Ran(now);
        var first = New().Add(run.Path, Look.Strong).Add("  ").Add(run.Status.ToName(), Look.StyleOf(run.Status, run.Errors));
        if (took is { } elapsed)
            first.Add($"  {(view.IsLive ? DurationText.Rough(elapsed) : WatchText.Took(run, elapsed))}");
        var id = run.RunId.Length > 8 ? run.RunId[..8] : run.RunId;
        // What has no room is left out, what is said last first.
        string[] facts = [.. new[] { id, run.Owner, run.StartedBy is { } starter ? $"by {starter}" : null }.OfType<string>()];
        for (var count = facts.Length; count > 0; count--)
        {
            var right = string.Join($" {glyphs.Dot} ", facts.Take(count));
            if (first.Room <= right.Length + 2)
                continue;
            first.Right(right, first.Room, Look.Dim);
            break;
        }

        yield return first;
        if (run.BesideName is { } what)
            yield return New().Add(what, Look.Dim);
        yield return Counts(view);
        if (WatchText.Beside(view, width) is { } beside)
            yield return New().Add(beside, Look.Dim);
        if (run.Status == DagRunStatus.Interrupted)
            yield return New().Add("The process that ran it has ended.", Look.Bad);
        else if (!view.IsLive && run.Error is not null && run.Status != DagRunStatus.Completed)
        {
            foreach (var line in Folded("", WatchText.Cause(run), run.FailedNode is null ? Look.Plain : Look.Bad))
                yield return line;
        }
    }

    private Line Counts(RunView view)
    {
        // The nodes inside a call are known only when it has begun.
        var nodes = view.Nodes.Where(node => node.Depth == 0).ToList();
        int Count(params NodeStatus[] statuses) => nodes.Count(node => statuses.Contains(node.Status));
        var done = Count(NodeStatus.Completed, NodeStatus.Skipped, NodeStatus.Omitted);
        var head = string.Create(CultureInfo.InvariantCulture, $"{done:N0} of {nodes.Count:N0} nodes done");
        List<(string Text, Style Style, int Weight)> parts = [];
        void Add(int count, string what, Style style, int weight)
        {
            if (count > 0)
                parts.Add((string.Create(CultureInfo.InvariantCulture, $" {glyphs.Dot} {count:N0} {what}"), style, weight));
        }

        Add(Count(NodeStatus.Failed), "failed", Look.Bad, 9);
        Add(Count(NodeStatus.Running), "running", Look.Active, 5);
        Add(Count(NodeStatus.Waiting), "waiting", Look.Warned, 6);
        Add(Count(NodeStatus.Paused), "paused", Look.Held, 7);
        Add(Count(NodeStatus.Skipped), "reused", Look.Dim, 2);
        Add(Count(NodeStatus.Omitted), "omitted", Look.Dim, 1);
        Add(Count(NodeStatus.Cancelled), "cancelled", Look.Bad, 4);
        Add(view.ErrorCount, view.ErrorCount == 1 ? "error" : "errors", Look.Bad, 8);
        // What has no room is left out, what matters least first.
        while (parts.Count > 1 && head.Length + parts.Sum(part => part.Text.Length) > width)
            parts.Remove(parts.MinBy(part => part.Weight));
        var line = New().Add(head);
        foreach (var (text, style, _) in parts)
            line.Add(text[..3], Look.Dim).Add(text[3..], style);
        return line;
    }

    // While the user has not scrolled, keep what runs in view.
    private static int Offset(List<(Line Line, bool IsActive)> rows, int room, int? asked)
    {
        var most = Math.Max(0, rows.Count - room);
        var active = rows.FindIndex(row => row.IsActive);
        return Math.Clamp(asked ?? (active < 0 ? 0 : active - 1), 0, most);
    }

    private List<Line> Window(List<(Line Line, bool IsActive)> rows, int room, int offset)
    {
        var shown = rows.Skip(offset).Take(room).Select(row => row.Line).ToList();
        if (offset > 0 && shown.Count > 1)
            shown[0] = New().Add($"{glyphs.Up} {WatchText.Count(offset + 1, "more", "more")}", Look.Dim);
        var below = rows.Count - offset - room;
        if (below > 0 && shown.Count > 1)
            shown[^1] = New().Add($"{glyphs.Down} {WatchText.Count(below + 1, "more", "more")}", Look.Dim);
        return shown;
    }

    private IEnumerable<Line> Messages(RunView view, int room)
    {
        yield return Rule();
        foreach (var message in view.Messages.TakeLast(room))
        {
            var style = message.Stream switch { "warning" => Look.Warned, "error" => Look.Bad, _ => Look.Plain };
            var line = New().Add($"{WatchText.TimeOfDay(message.Time)} ", Look.Dim).Add($"{Place(message.Where)}: ", Look.Dim);
            if (message.Stream is "warning" or "error" or "stderr" or "verbose" or "debug")
                line.Add($"{message.Stream}: ", style);
            yield return line.Add(WatchText.FirstLine(message.Text), style);
        }
    }

    private Line Keys(RunView view, bool isAsked)
    {
        var line = New();
        void Key(string key, string what)
        {
            if (line.Room > key.Length + what.Length + 3)
                line.Add(key, Look.Strong).Add($" {what}   ", Look.Dim);
        }

        Key("q", "leave");
        if (view.IsLive && !isAsked)
            Key("p", "pause the run");
        if (view.Failures.Count > 0)
            Key("e", view.Failures.Count == 1 ? "the error" : "the errors");
        Key(glyphs.UpDown, "scroll");
        return line;
    }

    private Line New() => new(width);

    private Line Rule() => New().Add(string.Concat(Enumerable.Repeat(glyphs.Rule, width)), Look.Dim);
}
