using System.Globalization;
using Lythonic.Dag.Values;
using Lythonic.Dag.Watching;

namespace Lythonic.Dag.Terminal;

/// <summary>Draws the nodes of a run: a row for each node, and below a map rows for its elements in flight.</summary>
internal sealed class NodeRows(Glyphs glyphs, int width, DateTimeOffset now)
{
    private const string WaitsForThe = "waits for the ";
    private const int Narrow = 70;
    private const int Wide = 120;
    private const int StatusColumns = 10;
    private const int ElapsedColumns = 11;

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    /// <summary>The rows.</summary>
    /// <param name="view">The run.</param>
    /// <param name="withElements">Whether elements in flight get rows.</param>
    /// <returns>Each row, and whether something is in progress in it.</returns>
    public List<(Line Line, bool IsActive)> Draw(RunView view, bool withElements)
    {
        var longest = view.Nodes.Select(node => Indent(node) + Line.Columns(Line.Clean(node.Label))).DefaultIfEmpty(0).Max();
        var label = Math.Clamp(longest + 4, 12, Math.Max(14, width * 2 / 5));
        var rows = new List<(Line, bool)>();
        foreach (var node in view.Nodes)
        {
            rows.Add((Row(node, label), node.Status is NodeStatus.Running or NodeStatus.Waiting));
            if (withElements && node.Map is { Elements.Count: > 0 } map)
                rows.AddRange(map.Elements.Where(IsSlow).Select(element => (Row(element, node, label), false)));
        }

        return rows;
    }

    // Elements that end soon are only counted.
    private bool IsSlow(ElementView element) => element.Waits is not null || now - element.StartedAt >= Slow;

    private static int Indent(NodeView node) => 2 * node.Depth;

    private Line Row(NodeView node, int label)
    {
        var line = new Line(width).Space(Indent(node)).Add(glyphs.For(node.Status), Look.StyleOf(node.Status, node.Errors)).Space(1);
        line.Column(node.Label, label - line.Length - 1, node.Status == NodeStatus.Pending ? Look.Dim : Look.Plain).Space(1);
        if (node is { Status: NodeStatus.Running, Map: { } map })
            return Bar(line, node, map);
        if (node.Status == NodeStatus.Pending)
            return line.Add(WatchText.Wait(node, now) ?? "", Look.Dim);
        line.Column(WatchText.Status(node.Status), StatusColumns, Look.StyleOf(node.Status, node.Errors));
        if (node.Status == NodeStatus.Waiting)
            return line.Space(1).Add(BesideWaiting(WatchText.Wait(node, now)), Look.Warned);
        return Detail(line.Right(Elapsed(node), ElapsedColumns, Look.Dim).Space(2), node);
    }

    // The status says that it waits. With little room, who holds the lock counts more.
    private static string? BesideWaiting(string? wait) =>
        wait is not null && wait.StartsWith(WaitsForThe, StringComparison.Ordinal) ? wait[WaitsForThe.Length..] : wait;

    private string Elapsed(NodeView node) => node.Elapsed(now) is not { } elapsed ? ""
        : node.Status == NodeStatus.Running ? DurationText.Rough(elapsed)
        : DurationText.Render(elapsed);

    private static Line Detail(Line line, NodeView node)
    {
        var facts = new List<string>();
        if (node.Attempt > 1)
            facts.Add(string.Create(CultureInfo.InvariantCulture, $"attempt {node.Attempt}"));
        if (node.Branch is { } branch)
            facts.Add($"branch {branch}");
        if (node.Map is { Failed: 0 } map)
            facts.Add(node.Status == NodeStatus.Completed ? WatchText.Done(map) : WatchText.DoneOf(map));
        if (node.Host is { } host)
            facts.Add($"on {host}");
        line.Add(string.Join(", ", facts), Look.Dim);
        var gap = facts.Count > 0 ? ", " : "";
        if (node.Map is { Failed: > 0 } partly)
            return Done(line.Add(gap, Look.Dim), partly, Look.Dim, 0);
        if (node.Error is null)
            return line;
        var style = node.Status == NodeStatus.Failed ? Look.Bad : Look.Dim;
        return line.Add(facts.Count > 0 ? ": " : "", Look.Dim).Add(WatchText.Cause(node), style);
    }

    // If there is not enough room, whole parts are left out, the least important first. Failures are never left out.
    private Line Bar(Line line, NodeView node, MapView map)
    {
        var bar = width < Narrow ? 8 : width < Wide ? 14 : 30;
        if (map.Share is { } share)
        {
            var full = (int)Math.Floor(share * bar);
            line.Add(string.Concat(Enumerable.Repeat(glyphs.Full, full)), Look.Active)
                .Add(string.Concat(Enumerable.Repeat(glyphs.Empty, bar - full)), Look.Dim).Space(1);
        }

        var left = WatchText.Left(map);
        Done(line, map, Look.Plain, left is null ? 0 : left.Length + 2);
        Fit(line, left, Look.Active);
        Fit(line, WatchText.Rate(map), Look.Dim);
        Fit(line, Waiting(map), Look.Warned);
        Fit(line, node.StartedAt is { } begun ? $"running for {DurationText.Rough(now - begun)}" : null, Look.Dim);
        return Fit(line, map.InFlight > 0 ? $"{WatchText.Count(map.InFlight, "in flight", "in flight")}" : null, Look.Dim);
    }

    // With little room, the words are left out that say that those that failed are among those that are done.
    private static Line Done(Line line, MapView map, Spectre.Console.Style style, int rest)
    {
        var (done, failed) = WatchText.DoneParts(map);
        if (line.Room < done.Length + failed.Length + rest)
            (done, failed) = ($"{WatchText.Done(map)}, ", WatchText.Count(map.Failed, "failed", "failed"));
        if (line.Room < done.Length + failed.Length && map.Failed > 0)
            done = "";
        return map.Failed == 0 ? line.Add(WatchText.Done(map), style) : line.Add(done, style).Add(failed, Look.Bad);
    }

    private string? Waiting(MapView map) => map.Waiting == 0 ? null
        : $"{map.Waiting} waiting{(map.WaitsUntil is { } until ? $", next{WatchText.In(until, now)}" : "")}";

    private static Line Fit(Line line, string? text, Spectre.Console.Style style) =>
        text is null || line.Room < text.Length + 2 ? line : line.Add("  ").Add(text, style);

    private Line Row(ElementView element, NodeView map, int label)
    {
        var line = new Line(width).Space(Indent(map) + 2).Add(glyphs.Branch, Look.Dim).Space(1);
        var inside = element.Node is null || element.Node.Equals(map.Label, StringComparison.OrdinalIgnoreCase) ? "" : $"/{element.Node}";
        var (outer, key) = (Line.Clean(map.Label), Line.Clean($"[{element.Key}]{inside}"));
        var columns = Math.Max(label - line.Length - 1, Math.Min(Line.Columns(outer + key), width / 3));
        line.Column(Line.OfElement(outer, key, columns), columns, Look.Dim).Space(1);
        line.Add(DurationText.Rough(now - element.StartedAt), Look.Dim);
        var again = element.WaitsUntil is { } until ? $"again{WatchText.In(until, now)}: " : "";
        if (element.Waits is { } waits)
            line.Add($"  {again}{WatchText.Reason(waits)}", Look.Warned);
        if (element.Host is { } host)
            line.Add($"  on {host}", Look.Dim);
        return element.Value.Length == 0 ? line : line.Add($"  value {element.Value}", Look.Dim);
    }
}
