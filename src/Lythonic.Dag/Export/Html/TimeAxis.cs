using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>
/// The axis of a time line, from 0 to 100. A long time in which no node ran, for example between a pause and a restart, is shown as a short
/// gap; otherwise the node runs would be too small to see.
/// </summary>
internal sealed class TimeAxis
{
    // A gap longer than the total time of all node runs is shortened to this share of that time.
    private const double GapShare = 0.05;

    private const int MostMarks = 6;
    private const double LeastDistance = 10;

    private readonly List<(DateTimeOffset From, DateTimeOffset To, double Start, double End)> _pieces = [];
    private readonly double _drawn;
    private readonly TimeSpan _idle;

    /// <summary>An axis for spans of time.</summary>
    /// <param name="spans">The spans, at least one.</param>
    /// <param name="idle">How long the run was stopped before it was restarted.</param>
    public TimeAxis(IEnumerable<(DateTimeOffset From, DateTimeOffset To)> spans, TimeSpan idle = default)
    {
        _idle = idle;
        var busy = Merged(spans);
        var worked = Math.Max(busy.Sum(span => (span.To - span.From).TotalSeconds), 1e-6);
        var position = 0d;
        foreach (var (from, to) in busy)
        {
            if (_pieces.Count > 0)
                position = Add(
                    _pieces[^1].To,
                    from,
                    position,
                    IsCut(_pieces[^1].To, from, worked) ? worked * GapShare : (from - _pieces[^1].To).TotalSeconds);
            position = Add(from, to, position, Math.Max((to - from).TotalSeconds, worked * 1e-6));
        }

        _drawn = position;
        _pieces = [.. _pieces.Select(piece => (piece.From, piece.To, piece.Start * 100 / position, piece.End * 100 / position))];
        Gaps = [.. _pieces
            .Where(piece => IsCut(piece.From, piece.To, worked) && !busy.Contains((piece.From, piece.To)))
            .Select(piece => (piece.Start, piece.End, piece.To - piece.From))];
    }

    /// <summary>When the axis begins.</summary>
    public DateTimeOffset Begin => _pieces[0].From;

    /// <summary>The gaps that were cut short: their positions and lengths.</summary>
    public IReadOnlyList<(double Start, double End, TimeSpan Length)> Gaps { get; }

    /// <summary>
    /// The length of a gap, as text. The only gap is where the run was stopped, if it lasted about as long; the page says already how long
    /// that was, and the same figure is said here.
    /// </summary>
    /// <param name="length">The length.</param>
    public string Said(TimeSpan length)
    {
        var isStop = Gaps.Count == 1 && _idle > TimeSpan.Zero && length >= _idle && length - _idle <= 0.1 * length;
        return DagText.Duration(isStop ? _idle : length);
    }

    /// <summary>The position of a time.</summary>
    public double At(DateTimeOffset moment)
    {
        var (low, high) = (0, _pieces.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_pieces[middle].To < moment)
                low = middle + 1;
            else
                high = middle;
        }

        var (from, to, start, end) = _pieces[low];
        var part = to > from ? (moment - from) / (to - from) : 0;
        return start + (Math.Clamp(part, 0, 1) * (end - start));
    }

    /// <summary>The marks of the axis: round times since the beginning, each label once. A gap that was cut short has none.</summary>
    public IReadOnlyList<(double Place, string Label)> Marks()
    {
        var step = RoundTime.AtLeast(TimeSpan.FromSeconds(_drawn / MostMarks)).Ticks;
        var marks = new List<(double Place, string Label)>();
        foreach (var (from, to, _, _) in _pieces.Where(piece => !Gaps.Contains((piece.Start, piece.End, piece.To - piece.From))))
        {
            var first = ((from - Begin).Ticks + step - 1) / step * step;
            for (var time = first; time <= (to - Begin).Ticks; time += step)
            {
                var (place, label) = (At(Begin.AddTicks(time)), RoundTime.Label(TimeSpan.FromTicks(time), TimeSpan.FromTicks(step)));
                if (marks.Count == 0 || (place - marks[^1].Place >= LeastDistance && label != marks[^1].Label))
                    marks.Add((place, label));
            }
        }

        return marks;
    }

    private static bool IsCut(DateTimeOffset from, DateTimeOffset to, double worked) => (to - from).TotalSeconds > worked;

    private static List<(DateTimeOffset From, DateTimeOffset To)> Merged(IEnumerable<(DateTimeOffset From, DateTimeOffset To)> spans)
    {
        var merged = new List<(DateTimeOffset From, DateTimeOffset To)>();
        foreach (var span in spans.OrderBy(span => span.From))
        {
            if (merged.Count > 0 && span.From <= merged[^1].To)
                merged[^1] = (merged[^1].From, span.To > merged[^1].To ? span.To : merged[^1].To);
            else
                merged.Add(span);
        }

        return merged;
    }

    private double Add(DateTimeOffset from, DateTimeOffset to, double position, double length)
    {
        _pieces.Add((from, to, position, position + length));
        return position + length;
    }
}
