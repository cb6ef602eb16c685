using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Internal;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Errors;

/// <summary>Makes the error records of the module, for misuse, failed nodes and elements, and faults of the module itself.</summary>
internal static class ErrorRecords
{
    private const int MostNamed = 5;

    /// <summary>Makes the record of a <see cref="DagException"/>, with advice in PowerShell's terms.</summary>
    public static ErrorRecord From(DagException error)
    {
        var record = new ErrorRecord(error, error.Id.ToString(), CategoryOf(error.Id), error.Target);
        if (Advice.For(error) is { } action)
            record.ErrorDetails = new ErrorDetails(error.Message + Advice.InMessage(error)) { RecommendedAction = action };
        return record;
    }

    /// <summary>Makes the record of a run that failed. Its exception holds the record of the node that failed.</summary>
    /// <param name="result">The result of the run.</param>
    /// <param name="dagName">The name of its DAG.</param>
    /// <param name="isKept">Whether the run can be restarted, because it is stored.</param>
    /// <param name="database">The database, if a command must name it; or <see langword="null"/>.</param>
    /// <param name="isWritten">Whether the run is written, so that users find in it the errors that this one leaves out.</param>
    public static ErrorRecord NodeFailed(
        DagRunResult result, string dagName, bool isKept, string? database = null, bool isWritten = true)
    {
        var failure = result.Failure!;
        if (failure.ErrorId == DagErrorId.DagEngineFault && result.FailedNode is null)
            return EngineFault(failure, result.RunId, isKept, database);
        var id = DagText.ShortId(result.RunId) + Advice.Database(database);
        var several = SeveralOf(failure);
        var mend = failure is { IsOfWiring: true, RefusedBy: { } parameter }
            ? $"Say which output it takes with Connect-DagNode -To {Completions.Quoted(result.FailedNode!)} -Parameter {parameter} -From …"
            : "Mend the cause";
        return Make(
            failure, $"Node '{several?.Map ?? failure.Element?.Path ?? result.FailedNode}' of '{dagName}' failed", result.FailedNode,
            result.FailedNode, nameof(DagErrorId.DagNodeFailed), result.RunId,
            !isKept ? $"{mend}, then run it again."
                // The same stored output would be read again.
                : failure.Exception is DagException { Remedy.Kind: DagRemedyKind.ReplayNode } lost ? Advice.For(lost)!
                : $"{mend}, then go on at '{result.FailedNode}': Restart-DagRun {id}"
                    + Advice.IfChanged(
                        result.FailedNode, failure.Message, result.Nodes.Select(node => (node.Label, node.Kind, node.Errors))),
            attempts: result.Nodes.FirstOrDefault(node => node.Label == result.FailedNode && !node.Kind.IsComposite())?.Tries ?? 0,
            others: Others(result) + (several is null ? ""
                : !isWritten ? $"\n{several.Others}"
                : isKept ? $"; see all: (Get-DagRun {id}).Error"
                : "; the error of the run names them"));
    }

    private static FailedCount? SeveralOf(NodeFailure failure) =>
        failure.Element?.Count is { Others.Length: > 0 } several ? several : null;

    // The other nodes that failed. Their errors are with the run.
    private static string Others(DagRunResult result)
    {
        var failed = result.Nodes.Where(node => node.Status == NodeStatus.Failed && node.Label != result.FailedNode)
            .Select(node => $"'{node.Label}'")
            .ToList();
        var named = string.Join(", ", failed.Take(MostNamed));
        return failed.Count == 0 ? ""
            : failed.Count > MostNamed ? $"; {named} and {failed.Count - MostNamed} more failed too"
            : $"; {named} failed too";
    }

    /// <summary>Makes the record of an element that failed. Its exception holds the record of the code that failed.</summary>
    /// <param name="end">How the element ended.</param>
    /// <param name="where">The path of the element and its value as text. The cause is taken from <paramref name="end"/>.</param>
    /// <param name="runId">The id of the run.</param>
    /// <param name="advice">What the user can do.</param>
    /// <param name="others">How many other elements failed that have no error of their own.</param>
    public static ErrorRecord ElementFailed(ElementEnd end, FailedElement where, string runId, string? advice, int others = 0) => Make(
        end.Failure!, where.Path, end.Element.Value, end.InnerNode, nameof(DagErrorId.DagElementFailed), runId, advice, where,
        others == 0 ? "" : $"; {NumberText.Count(others)} other {(others == 1 ? "element" : "elements")} failed too");

    private static ErrorRecord Make(
        NodeFailure failure, string what, object? target, string? node, string id, string runId, string? recommended,
        FailedElement? element = null, string others = "", int attempts = 0)
    {
        var own = OwnRecord(failure, node);
        var position = ErrorPosition.Find(own?.InvocationInfo, failure.Code);
        // PowerShell shows no position for an error in a .psm1 file, so it goes into the message.
        var where = position?.File is { } file && file.EndsWith(".psm1", StringComparison.OrdinalIgnoreCase)
            ? $" (at {file}:{position.StartLineNumber})"
            : "";
        var advice = failure.Exception is DagException misuse ? Advice.InFull(misuse) : "";
        // The message begins with the path of the element or the node, so the cause is given without it.
        var cause = failure.Element is not { } inside ? ErrorPlace.Short(node ?? "", failure.Message)!
            : SeveralOf(failure) is { Text: var count } ? $"{count}; the first: {inside.Path}: {inside.CauseAndValue}"
            : $"{inside.CauseAndValue}{inside.Count}";
        attempts = Math.Max(attempts, failure.Attempts);
        var tries = attempts > 1 && !SaysAttempts(cause) ? $"; {attempts} attempts were made" : "";
        var message = $"{Sentence($"{what}: {element?.Behind(cause) ?? cause}", $"{tries}{others}", advice)}{advice}{where}";
        var shown = own?.InvocationInfo?.PositionMessage is { Length: > 0 } text ? Environment.NewLine + text : "";
        var exception = new DagNodeException(message + shown, own?.Exception ?? failure.Exception, own) { RunId = runId };
        var record = new ErrorRecord(exception, id, own?.CategoryInfo.Category ?? ErrorCategory.OperationStopped, target)
        {
            ErrorDetails = new ErrorDetails(message) { RecommendedAction = recommended },
        };
        var placed = ErrorPosition.Move(record, position);
        if (own is not null && ScriptTrace.Read(own) is { } trace)
            ScriptTrace.Show(placed, trace);
        return placed;
    }

    // The errors of a timeout and of hosts that were lost say it themselves.
    private static bool SaysAttempts(string cause) => cause.Contains(", in attempt ", StringComparison.Ordinal)
        || cause.Contains(" host was lost three times: ", StringComparison.Ordinal);

    // Causes are often whole sentences, and so is advice.
    private static string Sentence(string cause, string more, string advice) =>
        more.Length == 0 ? cause
            : (cause.EndsWith('.') && !cause.EndsWith("..", StringComparison.Ordinal) ? cause[..^1] : cause)
                + more + (advice.Length == 0 ? "" : ".");

    // The fault is in this module, in a store or in an observer, and not in a node.
    private static ErrorRecord EngineFault(NodeFailure failure, string runId, bool isKept, string? database) =>
        new(
            new RuntimeException(failure.Message, failure.Exception),
            nameof(DagErrorId.DagEngineFault),
            CategoryOf(DagErrorId.DagEngineFault),
            runId)
        {
            ErrorDetails = new ErrorDetails(failure.Message)
            {
                RecommendedAction = isKept
                    ? $"Go on with: Restart-DagRun {DagText.ShortId(runId)}{Advice.Database(database)}. "
                        + "The whole exception is kept as the run's error; please report it."
                    : "Run it again. Please report the exception of this error.",
            },
        };

    /// <summary>The node's own error record, or one that is made of its failure.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="node">The label of the node that failed.</param>
    public static ErrorRecord ForNode(NodeFailure failure, string node) =>
        OwnRecord(failure, node)
            ?? new ErrorRecord(
                new RuntimeException(failure.Message), nameof(DagErrorId.DagNodeFailed), ErrorCategory.OperationStopped, node);

    private static ErrorRecord? OwnRecord(NodeFailure failure, string? node) => failure switch
    {
        { Native: ErrorRecord own } => own,
        { Exception: DagException misuse } => From(misuse),
        // The exception inside such a record is only a stand-in. Replace it by the exception that holds the record.
        { Exception: IContainsErrorRecord { ErrorRecord: { } own } and var holder } => new ErrorRecord(own, (Exception)holder),
        { Exception: { } exception } => new ErrorRecord(exception, exception.GetType().Name, ErrorCategory.OperationStopped, node),
        { ErrorId: { } id } => new ErrorRecord(new InvalidOperationException(failure.Message), id.ToString(), CategoryOf(id), node),
        _ => null,
    };

    private static ErrorCategory CategoryOf(DagErrorId id) => id switch
    {
        DagErrorId.DagNodeNotFound or DagErrorId.DagRunNotFound => ErrorCategory.ObjectNotFound,
        DagErrorId.DagNodeDuplicate => ErrorCategory.ResourceExists,
        DagErrorId.DagTypeMismatch => ErrorCategory.InvalidType,
        DagErrorId.DagRunOwned or DagErrorId.DagRunOverlaps or DagErrorId.DagDatabaseBusy => ErrorCategory.ResourceBusy,
        DagErrorId.DagDatabaseInvalid or DagErrorId.DagDatabaseNewer => ErrorCategory.OpenError,
        DagErrorId.DagRunNotRestartable or DagErrorId.DagDefinitionChanged or DagErrorId.DagProvenanceRequired =>
            ErrorCategory.InvalidOperation,
        DagErrorId.DagNodeFailed or DagErrorId.DagElementFailed or DagErrorId.DagEngineFault => ErrorCategory.OperationStopped,
        DagErrorId.DagValueNotRestorable => ErrorCategory.InvalidData,
        DagErrorId.DagHostUnreachable => ErrorCategory.ConnectionError,
        _ => ErrorCategory.InvalidArgument,
    };
}
