using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;
using Lythonic.Dag.Export;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Internal;

/// <summary>Texts of several lines; the format views use it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class DagLines
{
    private const int NodesNamed = 8;
    private const int ValuesNamed = 8;
    private const int ValueLength = 60;

    /// <summary>A text whose lines are broken at words.</summary>
    /// <param name="text">The text, or <see langword="null"/>.</param>
    /// <param name="taken">How many columns of the screen are taken by what stands beside it.</param>
    /// <param name="columns">How many columns of equal width share the rest of the screen.</param>
    public static string Fold(string? text, int taken, int columns = 1) =>
        text is not null && ScreenWidth.FoldBeside(taken, columns) is { } width
            ? string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').SelectMany(line => TextFold.AtWords(line, width)))
            : text ?? "";

    /// <summary>An input or an output, short.</summary>
    /// <param name="value">The value: of several, a dictionary by name.</param>
    /// <param name="taken">How many columns of the screen are taken by what stands beside it.</param>
    public static string Value(object? value, int taken)
    {
        if (PSWrapper.Unwrap(value) is not IDictionary several)
            return Fold(DagText.Short(value, ValueLength), taken);
        // A generic dictionary enumerates entries of another type.
        var named = several.Keys.Cast<object>().Select(key => $"{key} = {Named(several[key])}");
        return Fold(string.Join("; ", named.Take(ValuesNamed)) + (several.Count > ValuesNamed ? "; …" : ""), taken);
    }

    private static string Named(object? value) => value switch
    {
        null => "$null",
        "" => "''",
        _ => DagText.Short(value, ValueLength),
    };

    /// <summary>The error of a run or a node run, marked as a note if it says why it paused, waits or did not run.</summary>
    /// <param name="shown">The run or node run, or a copy that came from another process.</param>
    /// <param name="taken">How many columns of the screen are taken by what stands beside it.</param>
    public static string ErrorOrNote(PSObject shown, int taken)
    {
        ArgumentNullException.ThrowIfNull(shown);
        var error = RunCopy.Text(shown, nameof(DagRun.Error));
        var isNote = DagDetails.IsNote(
                RunCopy.Text(shown, nameof(DagRun.Status)), shown.BaseObject is DagNodeRun node ? node.Node.Errors : default,
                (shown.BaseObject as DagNodeRun)?.Kind ?? default)
            || shown.BaseObject is DagRun { Stored.IsStoppedDownstream: true };
        var said = error is not null && isNote ? $"note: {error}" : error;
        var elements = shown.BaseObject is DagRun { Stored.Error: not null } run ? DagDetails.Stopped(run) : null;
        return Fold(said is not null && elements is not null ? $"{said}\n{elements}" : said ?? elements, taken);
    }

    /// <summary>How much of a run or a map was reused, such as <c>12 of 20 elements</c>; <see langword="null"/> if nothing was.</summary>
    /// <param name="shown">The run or node run, or a copy that came from another process, of which it is not known.</param>
    public static string? Reused(PSObject shown)
    {
        ArgumentNullException.ThrowIfNull(shown);
        return shown.BaseObject switch
        {
            DagRun run => DagDetails.Reused(run),
            DagNodeRun node => DagDetails.Reused([node.Node]),
            _ => null,
        };
    }

    /// <summary>How many elements of a map were tried more than once; <see langword="null"/> if none was.</summary>
    /// <param name="shown">The node run, or a copy that came from another process, of which it is not known.</param>
    public static string? Retried(PSObject shown)
    {
        ArgumentNullException.ThrowIfNull(shown);
        return shown.BaseObject is DagNodeRun node ? DagDetails.Retried(node.Node) : null;
    }

    /// <summary>
    /// A cell of a node run in the table of its run. The first of the node runs has the header of its own columns above it.
    /// </summary>
    /// <param name="node">The node run.</param>
    /// <param name="header">The name of the column.</param>
    /// <param name="text">The text of the cell, or <see langword="null"/>.</param>
    /// <param name="hasColours">Whether the host shows colours: <c>$Host.UI.SupportsVirtualTerminal</c>.</param>
    /// <param name="style">The style, <c>$PSStyle</c>; or <see langword="null"/>.</param>
    public static string Headed(PSObject node, string header, string? text, bool hasColours, object? style)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(header);
        if (!node.TypeNames.Any(name => name.EndsWith(FirstNode, StringComparison.Ordinal)))
            return text ?? "";
        var (on, off) = DagText.IsPlain(hasColours, style) ? ("", "") : (HeaderColour(style!), "\e[0m");
        return $"\n{on}{header}{off}\n{on}{new string('-', header.Length)}{off}\n{text}";
    }

    /// <summary>The number of the attempt among those that ran the node; <see langword="null"/> if it has not run.</summary>
    /// <param name="node">The node run, or a copy that came from another process.</param>
    public static int? Tries(PSObject node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var tries = node.BaseObject is DagNodeRun known ? known.Node.Tries
            : RunCopy.Text(node, nameof(DagNodeRun.Status)) is "upstream_failed" or "omitted" or "skipped" ? 0
            : RunCopy.Read(node, nameof(DagNodeRun.Attempt)) as int?;
        return tries > 0 ? tries : null;
    }

    /// <summary>The same in the table of its run.</summary>
    /// <param name="node">The node run, or a copy that came from another process.</param>
    public static string Try(PSObject node) => Tries(node) is { } tries ? Text($"try {tries}") : "node";

    /// <summary>The nodes of a run with their statuses.</summary>
    /// <param name="run">The run, or a copy that came from another process.</param>
    /// <param name="taken">How many columns of the screen are taken by what stands beside it.</param>
    public static string Nodes(PSObject run, int taken)
    {
        var nodes = RunCopy.Items(run, nameof(DagRun.Nodes));
        var named = nodes.Take(NodesNamed).Select(node =>
            $"{RunCopy.Text(node, nameof(DagNodeRun.Label))} {DagText.Word(RunCopy.Text(node, nameof(DagNodeRun.Status)) ?? "")}");
        var more = nodes.Count > NodesNamed ? Text($", and {nodes.Count - NodesNamed:N0} more") : "";
        return Fold(string.Join(", ", named) + more, taken);
    }

    /// <summary>A problem of a DAG: what is wrong, and below it what to do, indented.</summary>
    /// <param name="problem">The problem, or a copy that came from another process.</param>
    /// <param name="hasColours">Whether the host shows colours: <c>$Host.UI.SupportsVirtualTerminal</c>.</param>
    /// <param name="style">The style, <c>$PSStyle</c>; or <see langword="null"/>.</param>
    public static string Problem(PSObject problem, bool hasColours, object? style)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var severity = RunCopy.Text(problem, nameof(DagProblem.Severity)) ?? "";
        var (node, message) = (RunCopy.Text(problem, nameof(DagProblem.Node)), RunCopy.Text(problem, nameof(DagProblem.Message)));
        var said = DagText.Status(severity, hasColours, style) + Indented($"{severity} at {node}: {message}")[severity.Length..];
        // The message about a variable says what to do, because it is written as a warning too.
        return RunCopy.Text(problem, nameof(DagProblem.ErrorId)) != nameof(DagErrorId.DagVariableUnset)
            && RunCopy.Text(problem, nameof(DagProblem.RecommendedAction)) is { } action ? $"{said}\n  {Indented(action)}" : said;
    }

    private static string Indented(string text) => Fold(text, 2).Replace("\n", "\n  ", StringComparison.Ordinal);

    /// <summary>How the sub-runs of a node run ended.</summary>
    /// <param name="node">The node run, or a copy that came from another process.</param>
    /// <param name="taken">How many columns of the screen are taken by what stands beside it.</param>
    public static string ChildRuns(PSObject node, int taken)
    {
        var statuses = RunCopy.Items(node, nameof(DagNodeRun.ChildRuns))
            .Select(run => run.BaseObject is DagRun known ? DagText.Shown(known.Stored) : RunCopy.Text(run, nameof(DagRun.Status)) ?? "")
            .GroupBy(DagText.Word);
        return Fold(string.Join(", ", statuses.Select(status => Text($"{status.Count():N0} {status.Key}"))), taken);
    }

    /// <summary>Which two runs a difference is about, on a line each; empty if that is not known.</summary>
    /// <param name="difference">The difference, or a copy that came from another process, of which it is not known.</param>
    public static string Compared(PSObject difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        return difference.BaseObject is DagDifference { Runs: { } runs } ? ComparedNames.Lines(runs, DateTimeOffset.Now) : "";
    }

    /// <summary>The value of one of two compared runs, broken at words.</summary>
    /// <param name="difference">The difference.</param>
    /// <param name="value">The value of the run.</param>
    /// <param name="width">The most characters; 3 at the least.</param>
    /// <param name="taken">How many columns of the screen are taken by all but the values of both runs.</param>
    public static string Side(DagDifference difference, object? value, int width, int taken)
    {
        ArgumentNullException.ThrowIfNull(difference);
        return Fold(ComparedValue.Render(difference, value, width), taken, columns: 2);
    }

    /// <summary>The value of one of two compared runs in a list: a duration as it is shown everywhere, any other value itself.</summary>
    /// <param name="difference">The difference.</param>
    /// <param name="value">The value of the run.</param>
    public static object? Side(DagDifference difference, object? value)
    {
        ArgumentNullException.ThrowIfNull(difference);
        return value is TimeSpan duration ? difference.Said(duration) : value;
    }

    /// <summary>The end of the additional type name of the first node run of a run.</summary>
    internal const string FirstNode = "#First";

    private static string HeaderColour(object style) =>
        PSObject.AsPSObject(style).Properties["Formatting"]?.Value is { } formatting
            ? PSObject.AsPSObject(formatting).Properties["TableHeader"]?.Value as string ?? "" : "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
