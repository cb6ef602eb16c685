using System.Management.Automation;

namespace Lythonic.Dag.Errors;

/// <summary>Makes every error record of the module.</summary>
internal static class ErrorRecords
{
    /// <summary>The record of a misuse.</summary>
    public static ErrorRecord From(DagException error)
    {
        var record = new ErrorRecord(error, error.Id.ToString(), CategoryOf(error.Id), error.Target);
        if (error.RecommendedAction is { } action)
            record.ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = action };
        return record;
    }

    /// <summary>The record of a run that failed; its exception holds the node's own record.</summary>
    public static ErrorRecord NodeFailed(DagRunResult result, string dagName)
    {
        var failure = result.Failure!;
        var message = $"Node '{result.FailedNode}' of '{dagName}' failed: {failure.Message}";
        var own = failure.Native as ErrorRecord;
        if (own?.InvocationInfo?.PositionMessage is { Length: > 0 } position)
            message += Environment.NewLine + position;
        var exception = new DagNodeException(message, own?.Exception ?? failure.Exception, own);
        var record = new ErrorRecord(exception, nameof(DagErrorId.DagNodeFailed), own?.CategoryInfo.Category ?? ErrorCategory.OperationStopped, result.FailedNode);
        record.ErrorDetails = new ErrorDetails(message) { RecommendedAction = $"Mend the cause, then go on with: Restart-DagRun {result.RunId}" };
        return record;
    }

    private static ErrorCategory CategoryOf(DagErrorId id) => id switch
    {
        DagErrorId.DagNodeNotFound or DagErrorId.DagRunNotFound => ErrorCategory.ObjectNotFound,
        DagErrorId.DagNodeDuplicate => ErrorCategory.ResourceExists,
        DagErrorId.DagTypeMismatch => ErrorCategory.InvalidType,
        DagErrorId.DagRunOwned or DagErrorId.DagDatabaseBusy => ErrorCategory.ResourceBusy,
        DagErrorId.DagDatabaseInvalid or DagErrorId.DagDatabaseNewer => ErrorCategory.OpenError,
        DagErrorId.DagRunNotRestartable or DagErrorId.DagDefinitionChanged or DagErrorId.DagProvenanceRequired => ErrorCategory.InvalidOperation,
        DagErrorId.DagNodeFailed => ErrorCategory.OperationStopped,
        DagErrorId.DagValueNotRestorable => ErrorCategory.InvalidData,
        _ => ErrorCategory.InvalidArgument,
    };
}
