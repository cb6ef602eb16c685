using System.Globalization;
using Lythonic.Dag.Watching;
using Spectre.Console.Rendering;

namespace Lythonic.Dag.Terminal;

/// <summary>Draws one error of a run in full.</summary>
internal sealed class ErrorDrawing(Glyphs glyphs, int width, int height)
{
    // A line of code, and the line below it that marks what failed, are cut, so that the marks stay below the code.
    private const string CodeLine = "+ ";

    /// <summary>Draws the screen.</summary>
    public Frame Draw(RunView view, ScreenState state)
    {
        var (title, text) = Parts(view, state);
        List<Line> lines = [title, Rule()];
        var room = Math.Max(1, height - lines.Count - 1);
        var offset = Math.Clamp(state.ErrorOffset, 0, Math.Max(0, text.Count - room));
        lines.AddRange(text.Skip(offset).Take(room).Select(part => new Line(width).Add(part)));
        while (lines.Count < height - 1)
            lines.Add(new Line(width));
        lines.Add(Keys(view, text.Count > room));
        return new(lines, offset);
    }

    /// <summary>The error as it stays on the terminal after the screen is closed: whole, with a rule below.</summary>
    public IEnumerable<Line> Whole(RunView view, ScreenState state)
    {
        var (title, text) = Parts(view, state);
        return [title, .. text.Select(part => new Line(width).Add(part)), Rule()];
    }

    private (Line Title, List<string> Text) Parts(RunView view, ScreenState state)
    {
        var index = Math.Clamp(state.Error, 0, view.Failures.Count - 1);
        var failure = view.Failures[index];
        var count = Math.Max(view.FailureCount, view.Failures.Count);
        var of = count > 1 ? string.Create(CultureInfo.InvariantCulture, $"Error {index + 1:N0} of {count:N0}") : "Error";
        var title = new Line(width).Add($"{of}  ", Look.Strong);
        var time = $"  {WatchText.TimeOfDay(failure.Time)}";
        title.Add(Line.Place(Line.Clean(failure.Where), Math.Max(3, title.Room - time.Length)), Look.Bad).Add(time, Look.Dim);
        return (title, Wrap(failure.Text));
    }

    private Line Rule() => new Line(width).Add(string.Concat(Enumerable.Repeat(glyphs.Rule, width)), Look.Dim);

    private List<string> Wrap(string text) => [.. text.ReplaceLineEndings("\n").Split('\n')
        .Select(Line.Clean)
        .SelectMany(line => line.StartsWith(CodeLine, StringComparison.Ordinal) ? [line] : Fold(line, Math.Max(1, width)))];

    /// <summary>Breaks a line at words, except where a word is wider than the screen.</summary>
    internal static IEnumerable<string> Fold(string line, int width)
    {
        while (Line.Columns(line) > width)
        {
            var whole = Segment.SplitOverflow(new Segment(line), Spectre.Console.Overflow.Fold, width)[0].Text;
            var end = line[whole.Length] == ' ' ? whole.Length : whole.TrimStart().Contains(' ') ? whole.LastIndexOf(' ') : whole.Length;
            yield return line[..end];
            line = line[end..].TrimStart(' ');
        }

        yield return line;
    }

    private Line Keys(RunView view, bool scrolls)
    {
        var line = new Line(width).Add("e", Look.Strong).Add(" back   ", Look.Dim);
        if (view.Failures.Count > 1)
            line.Add(glyphs.LeftRight, Look.Strong).Add(" other errors   ", Look.Dim);
        if (scrolls)
            line.Add(glyphs.UpDown, Look.Strong).Add(" scroll   ", Look.Dim);
        line.Add("p", Look.Strong).Add(" pause   ", Look.Dim);
        return line.Add("q", Look.Strong).Add(" leave", Look.Dim);
    }
}
