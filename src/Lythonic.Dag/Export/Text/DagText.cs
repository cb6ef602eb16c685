using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Export;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Runs;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Internal;

/// <summary>DAGs, statuses and durations as text for people; the format views use it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class DagText
{
    /// <summary>The look of a completion with errors.</summary>
    internal const string Warned = "warned";

    private const int ShortIdLength = 8;
    private const int LeastTree = 40;
    private const int MostTree = 100;

    /// <summary>A duration in the unit that suits it, such as <c>12 ms</c>, <c>3.4 s</c>, <c>2 min 5 s</c>; empty for none.</summary>
    /// <param name="duration">The duration, or <see langword="null"/>.</param>
    public static string Duration(TimeSpan? duration) => DurationText.Render(duration);

    /// <summary>How long ago a moment was, in one unit.</summary>
    /// <param name="moment">The moment.</param>
    public static string Age(DateTimeOffset moment) => (DateTimeOffset.UtcNow - moment) switch
    {
        { TotalDays: >= 1 } age => Text($"{(int)age.TotalDays} d ago"),
        { TotalHours: >= 1 } age => Text($"{(int)age.TotalHours} h ago"),
        { TotalMinutes: >= 1 } age => Text($"{(int)age.TotalMinutes} min ago"),
        var age => Text($"{(int)Math.Max(0, age.TotalSeconds)} s ago"),
    };

    /// <summary>The display text of a run's status, with the number of errors if it completed with errors.</summary>
    /// <param name="run">The run.</param>
    /// <param name="hasColours">Whether the host shows colours: <c>$Host.UI.SupportsVirtualTerminal</c>.</param>
    /// <param name="style">The style, <c>$PSStyle</c>; or <see langword="null"/>.</param>
    /// <param name="width">How many letters there is room for on a line.</param>
    public static string Status(DagRun run, bool hasColours, object? style, int width = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Coloured(Shown(run.Stored), Told(run.Stored), hasColours, style, width);
    }

    /// <summary>How long a node run took, or has run until now.</summary>
    /// <param name="node">The node run.</param>
    /// <param name="width">How many letters there is room for on a line.</param>
    public static string Elapsed(DagNodeRun node, int width = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(node);
        var duration = node.Duration ?? (node.Status == "running" ? DateTimeOffset.UtcNow - node.StartedAt : null);
        return node.Status is "skipped" or "omitted" or "upstream_failed" ? "" : TextFold.Duration(Duration(duration), width);
    }

    /// <summary>The display text of a node run's status, with the number of errors if it completed with errors.</summary>
    /// <param name="node">The node run.</param>
    /// <param name="hasColours">Whether the host shows colours: <c>$Host.UI.SupportsVirtualTerminal</c>.</param>
    /// <param name="style">The style, <c>$PSStyle</c>; or <see langword="null"/>.</param>
    /// <param name="width">How many letters there is room for on a line.</param>
    public static string Status(DagNodeRun node, bool hasColours, object? style, int width = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Coloured(node.Status, node.Node.Errors, hasColours, style, width);
    }

    /// <summary>How to continue a run that did not complete, as a sentence; <see langword="null"/> if it cannot be continued.</summary>
    /// <param name="run">The run.</param>
    public static string? GoOn(DagRun run) => WayOn(run) is { } way ? Advice.GoOnSentence(way) : null;

    /// <summary>How to continue a run that did not complete, as a sentence; <see langword="null"/> if it cannot be continued.</summary>
    internal static string? GoOn(
        StoredRun run, Func<bool> isFed, string? database, IEnumerable<(string Label, NodeKind Kind, ErrorCounts Errors)> nodes) =>
        Advice.GoOn(run, isFed, database, () => nodes) is { } way ? Advice.GoOnSentence(way) : null;

    /// <summary>
    /// How to run again what had errors in a run that completed all the same, as a sentence; <see langword="null"/> if there is nothing.
    /// </summary>
    internal static string? RunAgain(
        StoredRun run, IEnumerable<(string Label, NodeKind Kind, ErrorCounts Errors)> nodes, string? database) =>
        Advice.Again(run, () => nodes, database) is { } again ? Advice.AgainSentence(again, " with") : null;

    /// <summary>
    /// The command that continues a run that did not complete, or that runs again what had errors in one that did: elements that failed,
    /// or nodes that wrote errors. <see langword="null"/> if there is none.
    /// </summary>
    /// <param name="run">The run.</param>
    public static string? Next(DagRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return WayOn(run) ?? (run.DatabasePath is { } database
            ? Advice.Again(run.Stored, () => ErrorsOf(run), DatabaseFile.NameOf(database))?.Way
            : null);
    }

    /// <summary>The command that continues a run that did not complete; <see langword="null"/> if there is none.</summary>
    internal static string? WayOn(DagRun run) => run.DatabasePath is { } database
        ? Advice.GoOn(
            run.Stored, () => IsFed(run), DatabaseFile.NameOf(database),
            () => run.Nodes.Where(node => !IsDone(node.Status)).Select(node => (node.Label, node.Kind, node.Node.Errors)))
        : null;

    /// <summary>Whether a restart does not run a node of this status again.</summary>
    internal static bool IsDone(string status) => RunState.IsDone(StatusNames.ParseNode(status));

    private static bool IsFed(DagRun run) => FedDag.IsOf(run.Nodes.Select(node => node.Kind));

    internal static IEnumerable<(string Label, NodeKind Kind, ErrorCounts Errors)> ErrorsOf(DagRun run) =>
        run.Nodes.Select(node => (node.Label, node.Kind, node.Node.Errors));

    /// <summary>When a run or a node run began, without today's date; empty if it has not.</summary>
    /// <param name="moment">When it began, or what another process left of that; or <see langword="null"/>.</param>
    /// <param name="width">How many letters there is room for on a line.</param>
    public static string Started(object? moment, int width = MomentText.DayAndTime) =>
        RunCopy.Moment(moment) is { } known ? MomentText.InColumn(known, DateTimeOffset.Now, width) : "";

    /// <summary>A moment in local time with its zone; empty for none.</summary>
    /// <param name="moment">The moment, or what another process left of it; or <see langword="null"/>.</param>
    public static string Moment(object? moment) => RunCopy.Moment(moment) is { } known ? MomentText.WithZone(known) : "";

    /// <summary>As for a run, of the copy of a run or node run that came from another process: the views show these too.</summary>
    /// <param name="copy">The copy.</param>
    /// <param name="hasColours">Whether the host shows colours: <c>$Host.UI.SupportsVirtualTerminal</c>.</param>
    /// <param name="style">The style, <c>$PSStyle</c>; or <see langword="null"/>.</param>
    /// <param name="width">How many letters there is room for on a line.</param>
    public static string Status(PSObject copy, bool hasColours, object? style, int width = int.MaxValue) =>
        Coloured(RunCopy.Text(copy, "Status") ?? "", RunCopy.Errors(copy), hasColours, style, width);

    /// <inheritdoc cref="Elapsed(DagRun, int)"/>
    /// <param name="copy">The copy of a run or node run that came from another process.</param>
    /// <param name="width">How many letters there is room for on a line.</param>
    public static string Elapsed(PSObject copy, int width = int.MaxValue) =>
        TextFold.Duration(Duration(RunCopy.Read(copy, "Duration") as TimeSpan?), width);

    /// <summary>The name of the run of this copy, for a table.</summary>
    /// <param name="copy">The copy, which came from another process.</param>
    /// <param name="width">How many letters there is room for.</param>
    public static string Name(PSObject copy, int width) => Name(RunCopy.Text(copy, "DagName"), width);

    /// <summary>
    /// The name of a run in a table, on a few lines. For a sub-run it is the path inside its run; if it is too long, its end is kept, which
    /// people look for.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="width">How many letters there is room for.</param>
    public static string Name(DagRun run, int width)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.ParentRunId is null)
            return Name(run.DagName, width);
        var inside = run.DagName[(run.DagName.IndexOf('/', StringComparison.Ordinal) + 1)..];
        if (TextCells.Count(inside) <= width)
            return inside;
        // The column of the ids leaves little room: then the element, and at least its key, is what tells it from the others.
        var key = run.Stored.ElementKey is { } element ? $"[{element}]" : "";
        return new[] { $"{run.Stored.ParentNode}{key}", $"…{key}" }
            .FirstOrDefault(name => name.Length > 1 && inside.EndsWith(name.TrimStart('…'), StringComparison.OrdinalIgnoreCase)
                && TextCells.Count(name) <= width)
            ?? TextCells.Before(inside, width);
    }

    /// <summary>A name in a table, on a few lines.</summary>
    /// <param name="name">The name of a DAG or a node, or <see langword="null"/>.</param>
    /// <param name="width">How many letters there is room for on a line.</param>
    public static string Name(string? name, int width) => TextFold.Name(Middle(name, int.MaxValue), width);

    /// <summary>
    /// The display text of a status, in its colour if the host shows colours and neither <c>$PSStyle</c> nor <c>NO_COLOR</c> forbids them.
    /// </summary>
    /// <param name="status">The status.</param>
    /// <param name="hasColours">Whether the host shows colours: <c>$Host.UI.SupportsVirtualTerminal</c>.</param>
    /// <param name="style">The style, <c>$PSStyle</c>; or <see langword="null"/>.</param>
    public static string Status(string status, bool hasColours, object? style) => Coloured(status, default, hasColours, style);

    private static string Coloured(string status, ErrorCounts errors, bool hasColours, object? style, int width = int.MaxValue)
    {
        var said = TextFold.Status(Word(status, errors), width);
        return IsPlain(hasColours, style) || ColourOf(Look(status, errors)) is not { } colour
            ? string.Join('\n', said)
            : string.Join('\n', said.Select(line => $"\e[{colour}m{line}\e[0m"));
    }

    /// <summary>Whether text has no colours, because the host shows none, or <c>$PSStyle</c> or <c>NO_COLOR</c> forbids them.</summary>
    internal static bool IsPlain(bool hasColours, object? style)
    {
        var rendering = style is null ? null : PSObject.AsPSObject(style).Properties["OutputRendering"]?.Value?.ToString();
        return rendering is null or "PlainText" || !hasColours || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
    }

    /// <summary>
    /// The display text of a status. A reused node is <c>skipped</c> in the database and shown as reused.
    /// </summary>
    internal static string Word(string status) => status == "skipped" ? "reused" : status;

    /// <summary>The status of a run as it is shown. A sub-run that ran no code is shown as reused.</summary>
    internal static string Shown(StoredRun run) => run.IsReused ? NodeStatus.Skipped.ToName() : run.Status.ToName();

    /// <summary>
    /// The errors that the status of a run tells. If a run failed because of something else than an element of a map, the number of those
    /// that failed, in a map that may have completed, would be taken for the cause.
    /// </summary>
    internal static ErrorCounts Told(StoredRun run) =>
        run is { Status: DagRunStatus.Failed, FailedNode: { } node }
            && !ErrorPlace.After(node, run.Error ?? "").StartsWith($"{node}[", StringComparison.OrdinalIgnoreCase)
            ? default
            : run.Errors;

    /// <summary>
    /// The display text of a status and its errors, such as <c>completed, 1 error</c>, <c>paused, 4 of 8 failed</c> and
    /// <c>failed, 4 of 8</c>.
    /// </summary>
    internal static string Word(string status, ErrorCounts errors)
    {
        var elements = errors.Failed == 0 ? ""
            : errors.Elements == 0 ? Text($", {errors.Failed:N0}")
            : Text($", {errors.Failed:N0} of {errors.Elements:N0}");
        // The error of a failed node names its only failed element, and what was only written says little beside that error.
        if (status == "failed")
            return errors.Failed > 1 ? status + elements : status;
        var failed = elements.Length > 0 ? $"{elements} failed" : "";
        var written = errors.Written > 0 ? Text($", {errors.Written:N0} {(errors.Written == 1 ? "error" : "errors")}") : "";
        return Word(status) + failed + written;
    }

    /// <summary>A status with its errors and a duration.</summary>
    internal static string Took(string status, ErrorCounts errors, TimeSpan? duration) => Took(status, errors, Duration(duration));

    /// <summary>The status of a run with its errors, and how long it took or has run until now.</summary>
    internal static string Took(DagRun run) => Took(run.Status, Told(run.Stored), Ran(run.Stored));

    private static string Took(string status, ErrorCounts errors, string duration)
    {
        var word = Word(status, errors);
        return $"{word}{(word != Word(status) && duration.Length > 0 ? ", " : " ")}{duration}".TrimEnd();
    }

    /// <summary>The look of a status. A completion with errors looks like a warning.</summary>
    internal static string Look(string status, ErrorCounts errors) => IsWarned(status, errors) ? Warned : status;

    /// <summary>A status for a count of several, such as <c>completed with errors</c>.</summary>
    internal static string WithErrors(string status, string look) => Word(status) + (look == Warned ? " with errors" : "");

    private static bool IsWarned(string status, ErrorCounts errors) => errors.All > 0 && (status is "completed" or "skipped");

    /// <summary>How long a run took, or has run until now.</summary>
    /// <param name="run">The run.</param>
    /// <param name="width">How many letters there is room for on a line.</param>
    public static string Elapsed(DagRun run, int width = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Stored.IsReused ? "" : TextFold.Duration(Ran(run.Stored), width);
    }

    /// <summary>How long a run took, or has run until now; of an interrupted one <c>&gt; 5 s</c>: it ran at least so long.</summary>
    internal static string Ran(StoredRun run) => Duration(run.Ran(DateTimeOffset.UtcNow)) is { Length: > 0 } took
        ? run.Status == DagRunStatus.Interrupted ? $"> {took}" : took
        : "";

    /// <summary>Who started a run, in which process; empty if that is not known.</summary>
    /// <param name="run">The run.</param>
    public static string Starter(DagRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Starter(run.Stored);
    }

    /// <summary>Who started the run of which this is a copy.</summary>
    /// <param name="copy">The copy, which came from another process.</param>
    public static string Starter(PSObject copy) => RunCopy.Text(copy, "StartedBy") ?? "";

    /// <summary>Who started a run, in which process; empty if that is not known.</summary>
    internal static string Starter(StoredRun run) =>
        run.StartedBy is null ? "" : run.StartedIn is { } process ? Text($"{run.StartedBy}, process {process}") : run.StartedBy;

    /// <summary>The key of a sub-run, such as <c>each[pear]</c>; for any other run, the name of its DAG.</summary>
    internal static string Key(DagRun run) => run.Stored.ParentNode is { } node
        ? $"{node}[{run.Stored.ElementKey ?? run.Stored.Branch ?? Text($"{run.Stored.Ordinal}")}]"
        : run.DagName;

    /// <summary>The beginning of a run's id, which is almost always unique.</summary>
    /// <param name="runId">The id.</param>
    internal static string ShortId(string runId) => runId.Length <= ShortIdLength ? runId : runId[..ShortIdLength];

    /// <summary>A DAG as a small tree. Each node comes after its upstreams and names them; sub-DAGs are branches.</summary>
    /// <param name="dag">The DAG.</param>
    public static string Tree(Dag dag)
    {
        ArgumentNullException.ThrowIfNull(dag);
        return new TextTree(Math.Clamp(ScreenWidth.Beside(0), LeastTree, MostTree)).Render(DagPicture.Build(dag));
    }

    /// <summary>How many problems <c>Test-Dag</c> finds, such as <c>1 error, 2 warnings</c>; <c>0</c> if it finds none.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="session">The session that shows it.</param>
    public static string Problems(Dag dag, EngineIntrinsics session)
    {
        ArgumentNullException.ThrowIfNull(dag);
        ArgumentNullException.ThrowIfNull(session);
        var problems = AllProblems.Find(dag, session.InvokeCommand).ToList();
        string? Number(DagProblemSeverity severity, string one) => problems.Count(problem => problem.Severity == severity) switch
        {
            0 => null,
            1 => $"1 {one}",
            var count => Text($"{count:N0} {one}s"),
        };
        string?[] numbers = [Number(DagProblemSeverity.Error, "error"), Number(DagProblemSeverity.Warning, "warning")];
        return problems.Count == 0 ? "0" : string.Join(", ", numbers.OfType<string>());
    }

    /// <summary>A short text for what a node runs.</summary>
    /// <param name="node">The node.</param>
    public static string Runs(DagNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return DagPicture.DescriptionOf(node);
    }

    /// <summary>A text on one line; if it is too long, its middle is left out.</summary>
    /// <param name="text">The text, or <see langword="null"/>.</param>
    /// <param name="width">How many letters there is room for; 3 at least.</param>
    public static string Middle(string? text, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 3);
        var line = string.Join(' ', (text ?? "").Split((char[])['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return TextCells.Middle(line, width);
    }

    /// <summary>A sentence on one line; if it is too long, the words at its end are left out.</summary>
    internal static string Sentence(string text, int width) => TextCut.AtWord(Middle(text, int.MaxValue), width);

    /// <summary>A value on one line, cut in the middle if it is longer; empty for none.</summary>
    /// <param name="value">The value, or <see langword="null"/>.</param>
    /// <param name="width">The most characters; 3 at the least.</param>
    public static string Short(object? value, int width) => Middle(
        value switch
        {
            null => "",
            TimeSpan duration => Duration(duration),
            _ => ShortText.Render(value, new JsonValueCodec(new PowerShellValueAdapter())),
        },
        width);

    /// <summary>How many sub-runs of a node a picture leaves out.</summary>
    internal static string More(PictureNode node) =>
        Text($"… and {node.Hidden:N0} more of {node.SubRunCount:N0} sub-runs: {Counts(node)} in all");

    /// <summary>How many sub-runs a node has, such as <c>1 sub-run</c>.</summary>
    internal static string SubRuns(PictureNode node) => Text($"{node.SubRunCount:N0} {(node.SubRunCount == 1 ? "sub-run" : "sub-runs")}");

    /// <summary>How the sub-runs of a node ended.</summary>
    internal static string Counts(PictureNode node) =>
        string.Join(", ", node.SubRuns.Select(entry => Text($"{entry.Count:N0} {Word(entry.Status)}")));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string? ColourOf(string status) => status switch
    {
        "completed" => "32",
        "failed" or "interrupted" or "Error" => "31",
        "upstream_failed" => "91",
        "Warning" or Warned => "33",
        "paused" => "94",
        "running" or "waiting" => "36",
        "cancelled" => "35",
        "skipped" or "omitted" => "90",
        _ => null,
    };
}
