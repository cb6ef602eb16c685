using System.Diagnostics;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The names of the tags of spans and metrics: OpenTelemetry's own if its conventions have one, otherwise the module's.
/// </summary>
internal static class SpanTags
{
    public const string DagName = "lythonic.dag.name";
    public const string RunId = "lythonic.dag.run.id";
    public const string RunPath = "lythonic.dag.run.path";
    public const string ParentRunId = "lythonic.dag.run.parent_id";
    public const string FailedNode = "lythonic.dag.run.failed_node";
    public const string NodeLabel = "lythonic.dag.node.label";
    public const string NodeKind = "lythonic.dag.node.kind";
    public const string Attempt = "lythonic.dag.attempt";
    public const string Host = "lythonic.dag.host";
    public const string Status = "lythonic.dag.status";
    public const string ErrorCount = "lythonic.dag.error_count";
    public const string ReusedFrom = "lythonic.dag.reused_from";

    private const string ErrorType = "error.type";
    private const string ExceptionEvent = "exception";
    private const string ExceptionType = "exception.type";
    private const string ExceptionMessage = "exception.message";
    private const string ExceptionStackTrace = "exception.stacktrace";

    // The value that the conventions prescribe if nothing is known of an error.
    private const string Other = "_OTHER";

    /// <summary>Marks a span as failed, with the cause.</summary>
    /// <param name="span">The span.</param>
    /// <param name="failure">Why.</param>
    /// <param name="isWhole">Whether to add the stack trace, which is needed only on the span in which the failure occurred.</param>
    public static void Fail(Activity span, NodeFailure failure, bool isWhole)
    {
        var type = failure.Exception?.GetType().FullName ?? failure.ErrorId?.ToString() ?? Other;
        span.SetStatus(ActivityStatusCode.Error, failure.Message);
        span.SetTag(ErrorType, failure.ErrorId?.ToString() ?? type);
        var said = new ActivityTagsCollection { [ExceptionType] = type, [ExceptionMessage] = failure.Message };
        if (isWhole && failure.Detail is { } detail)
            said[ExceptionStackTrace] = detail;
        span.AddEvent(new ActivityEvent(ExceptionEvent, default, said));
    }
}
