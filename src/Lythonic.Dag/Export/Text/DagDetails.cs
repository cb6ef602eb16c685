using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Export;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Internal;

/// <summary>
/// The errors and notes of runs and node runs in the last column of a table, on a few lines; the format views use it. What is not an error
/// is marked as a note. A list has the whole text.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class DagDetails
{
    private const int MostLines = 3;
    private const int MostOnPage = 200;
    private const int LeastKey = 12;
    private const string SeeNext = "Next says how to go on";

    /// <summary>
    /// The details of a run, the cause of its failure first. Notes say why it paused or stopped, of which run it is a replay, how much of
    /// it was reused, and how to continue it if it stopped and was not replayed.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="taken">How many columns of the screen the rest of the table takes; 0 on a page.</param>
    public static string Of(DagRun run, int taken = 0)
    {
        ArgumentNullException.ThrowIfNull(run);
        // In a map of a scriptblock, the node of an element has the label of the map.
        var error = run.FailedNode is null || run.FailedNode == run.Stored.ParentNode
            ? run.Error
            : ErrorPlace.After(run.FailedNode, run.Error);
        var isNote = run.Status == "paused" || run.Stored.IsStoppedDownstream;
        var origin = run.ReplayedFrom is { } replayed ? $"replay of {DagText.ShortId(replayed)}"
            : run.Stored.Restarts > 0 ? "restarted"
            : null;
        // The error that a failed run writes says how to go on when the cause is mended, and of what was replayed nothing is left to do.
        var replay = run.ReplayedAs;
        var way = run.Status == "failed" || replay is not null ? null : DagText.WayOn(run);
        var said = Said(
            isNote ? Stopped(run) : error ?? Stopped(run), isNote ? error : null, origin, Note(Reused(run)), run.Stored.BesideName,
            run.ElementName is { Length: > 0 } value ? $"value {value}" : null);
        // Whoever looks for what is left to do sees first that it was done.
        return Cell(taken, replay is null ? said : $"replayed as {DagText.ShortId(replay)}{(said.Length == 0 ? "" : $"; {said}")}", way);
    }

    /// <summary>
    /// Why elements failed in a run that was stopped or goes on: the error of the first node with such elements. <see langword="null"/> if
    /// there are none, or for a run that failed or completed, whose own error says it.
    /// </summary>
    internal static string? Stopped(DagRun run) => IsStopped(run.Status) && run.Stored.Errors.All > 0
        ? run.Nodes.FirstOrDefault(node => HasFailedInside(node.Kind, node.Node.Errors) && node.Error is not null)?.Error
        : null;

    /// <summary>Whether a run of this status has no error of its own, although some of its elements may have failed.</summary>
    internal static bool IsStopped(string status) => status is "paused" or "cancelled" or "interrupted" or "running";

    /// <summary>Whether elements of a node failed, or something inside a sub-run.</summary>
    internal static bool HasFailedInside(NodeKind kind, ErrorCounts errors) =>
        errors.Failed > 0 || (kind.IsComposite() && errors.All > 0);

    /// <summary>An error without where in a script it happened.</summary>
    internal static string WithoutPlace(string error) => error.Split("\nAt ")[0].TrimEnd();

    /// <summary>The details of a node run, the cause of its failure first.</summary>
    /// <param name="node">The node run.</param>
    /// <param name="taken">How many columns of the screen the rest of the table takes; 0 on a page.</param>
    public static string Of(DagNodeRun node, int taken = 0)
    {
        ArgumentNullException.ThrowIfNull(node);
        // The label stands in its own column.
        var said = IsNote(node.Status, node.Node.Errors, node.Kind)
            ? Said(null, node.Error, Retried(node.Node))
            : node.Node is { Status: NodeStatus.Completed, Kind: NodeKind.Map, ElementCount: 0 } ? Said(node.Error, "no elements")
            : Said(
                node.Error is { } error ? ErrorPlace.Beside(node.Label, error) : null, Note(Reused([node.Node])), Retried(node.Node),
                Overridden(node.Node));
        return Cell(taken, said);
    }

    /// <summary>The details of the copy of a run or node run, the cause first.</summary>
    /// <param name="copy">The copy, which came from another process.</param>
    /// <param name="taken">How many columns of the screen the rest of the table takes; 0 on a page.</param>
    public static string Of(PSObject copy, int taken = 0)
    {
        var error = RunCopy.Text(copy, "Error");
        var said = IsNote(RunCopy.Text(copy, "Status")) ? Said(null, error)
            : RunCopy.Text(copy, "FailedNode") is { } node ? Said(ErrorPlace.After(node, error))
            : Said(error is not null && RunCopy.Text(copy, "Label") is { } label ? ErrorPlace.Beside(label, error) : error);
        return Cell(taken, said);
    }

    /// <summary>
    /// Whether the error text of a run or node run of this status is no error: it says why it paused, waits, was omitted or was kept from
    /// running.
    /// </summary>
    /// <param name="status">The status.</param>
    /// <param name="errors">Its errors: a map or a call that was stopped says why elements have failed.</param>
    /// <param name="kind">The kind of node.</param>
    internal static bool IsNote(string? status, ErrorCounts errors = default, NodeKind kind = default) =>
        status is "waiting" or "omitted" or "upstream_failed" || (status == "paused" && !HasFailedInside(kind, errors));

    /// <summary>
    /// How much of a run was reused, such as <c>1 of 5 nodes, 12 of 20 elements</c>; <see langword="null"/> if nothing was.
    /// </summary>
    /// <param name="run">The run. Of sub-runs, which may be very many, the nodes are not read.</param>
    internal static string? Reused(DagRun run) =>
        run.ParentRunId is null ? Reused([.. run.Nodes.Select(node => node.Node)]) : null;

    /// <summary>How many of some nodes were reused, and of the elements of those that are maps.</summary>
    /// <param name="nodes">The nodes; if it is one, only its elements count, because its status says the rest.</param>
    internal static string? Reused(IReadOnlyCollection<NodeResult> nodes)
    {
        var whole = nodes.Count > 1 ? nodes.Count(node => node.Status == NodeStatus.Skipped) : 0;
        var maps = nodes.Where(node => node.ReusedElements > 0).ToList();
        var (reused, all) = (maps.Sum(map => map.ReusedElements), maps.Sum(map => map.ElementCount));
        var of = maps.TrueForAll(map => map.ElementCount > 0) ? Text($" of {all:N0}") : "";
        string?[] parts =
        [
            whole == 0 ? null : Text($"{whole:N0} of {nodes.Count:N0} nodes"),
            reused == 0 ? null : Text($"{reused:N0}{of} {((of.Length > 0 ? all : reused) == 1 ? "element" : "elements")}"),
        ];
        var said = string.Join(", ", parts.OfType<string>());
        return said.Length == 0 ? null : said;
    }

    /// <summary>How many elements of a map were tried more than once; <see langword="null"/> if that is not known, or none was.</summary>
    internal static string? Retried(NodeResult map) => Retried(map.RetriedElements);

    /// <inheritdoc cref="Retried(NodeResult)"/>
    /// <param name="elements">The number of these elements.</param>
    /// <param name="nodes">The number of nodes that were tried more than once.</param>
    internal static string? Retried(int elements, int nodes = 0)
    {
        string?[] parts =
        [
            nodes == 0 ? null : Text($"{nodes:N0} {(nodes == 1 ? "node" : "nodes")}"),
            elements == 0 ? null : Text($"{elements:N0} {(elements == 1 ? "element" : "elements")}"),
        ];
        var said = string.Join(" and ", parts.OfType<string>());
        return said.Length == 0 ? null : $"{said} took 2 or more attempts";
    }

    /// <summary>That the run overrode the code of a node; <see langword="null"/> if it did not.</summary>
    internal static string? Overridden(NodeResult node) => node.IsOverridden ? "ran the code of -Override" : null;

    private static string? Note(string? reused) => reused is null ? null : $"reused {reused}";

    // On one line, the error first. Where in a script it happened is left out, and so is how many elements failed: the status says that.
    private static string Said(string? error, params string?[] notes)
    {
        var noted = string.Join("; ", notes.Where(note => !string.IsNullOrEmpty(note)).Select(note => note!.TrimEnd('.')));
        var text = string.Join("; ", new[] { Cause(error ?? "").TrimEnd('.'), noted.Length == 0 ? "" : $"note: {noted}" }
            .Where(part => part.Length > 0));
        return string.Join(' ', PlainText.Of(text).Split((char[])['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Why something failed, without where in a script it happened and without how many elements failed.</summary>
    internal static string Cause(string error)
    {
        var cause = WithoutPlace(error);
        return CountOfElements().Match(cause) is { Success: true } count ? cause[..count.Index] : cause;
    }

    [GeneratedRegex($@"; [\d,]+ of [\d,]+ {ElementFailures.Said}")]
    private static partial Regex CountOfElements();

    // In a table there is no room for the comment behind a command. Next has it.
    private static string Cell(int taken, string said, string? whole = null)
    {
        var way = whole is null ? null : Advice.WithoutComment(whole);
        if (taken == 0)
        {
            // The command has to be whole, or it could not be copied.
            var next = way is null ? null : Lower(Advice.GoOnSentence(way));
            var most = Math.Max(MostOnPage / 2, MostOnPage - (next?.Length ?? 0));
            return With(TextCut.AtWord(said.Length <= most ? said : TextCut.Keys(said, most / 4), most), next);
        }

        var width = ScreenWidth.Beside(taken);
        // A command that is broken in its path cannot be copied.
        var isWhole = way is null || way.Length <= width;
        var isCommand = way is not null && Advice.GoOnSentence(way) != way;
        var end = way is null ? null : isCommand && !isWhole ? SeeNext : Lower(Advice.GoOnSentence(way));
        var lines = TextFold.AtWords(With(said, end), width);
        for (var room = width; lines.Count > MostLines && room >= LeastKey; room /= 2)
        {
            said = TextCut.Keys(said, room);
            lines = TextFold.AtWords(With(said, end), width);
        }

        if (lines.Count > MostLines)
        {
            IReadOnlyList<string> last = way is null ? [] : TextFold.AtWords(isCommand && !isWhole ? SeeNext : way, width);
            lines = [.. First(MostLines - last.Count, TextFold.AtWords(way is null ? said : $"{said}.", width), width), .. last];
        }

        return string.Join(ScreenWidth.FoldBeside(taken) is null ? ' ' : '\n', lines);
    }

    private static string With(string said, string? end) => end is null ? said : $"{(said.Length == 0 ? "note: " : $"{said}; ")}{end}";

    private static string Lower(string sentence) => $"{char.ToLowerInvariant(sentence[0])}{sentence[1..]}";

    private static IReadOnlyList<string> First(int count, IReadOnlyList<string> lines, int width)
    {
        if (lines.Count <= count)
            return lines;
        var last = lines[count - 1];
        if (TextCells.Count(last) >= width)
            last = last.LastIndexOf(' ') is > 0 and var end ? last[..end] : TextCells.Head(last, width - 1);
        return [.. lines.Take(count - 1), last.TrimEnd(' ', ',', ';', ':', '.') + "…"];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
