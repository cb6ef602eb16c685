using System.Diagnostics;

namespace Lythonic.Dag.Execution;

/// <summary>
/// Starts and stops spans. The parent is always given, and the current span of the thread is left alone, because a run moves from thread to
/// thread. Exceptions of listeners are ignored, so that they end no run.
/// </summary>
internal static class Spans
{
    private const string TraceParent = "TRACEPARENT";
    private const string TraceState = "TRACESTATE";

    /// <summary>
    /// The parent of a run: the span that its caller is in, or else the one that the environment of this process names.
    /// </summary>
    public static ActivityContext Caller()
    {
        if (Activity.Current is { } current)
            return current.Context;
        return Environment.GetEnvironmentVariable(TraceParent) is { Length: > 0 } parent
            && ActivityContext.TryParse(parent, Environment.GetEnvironmentVariable(TraceState), isRemote: true, out var remote)
                ? remote
                : default;
    }

    /// <summary>Starts a span.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parent">Its parent; a span without one begins a trace.</param>
    /// <param name="said">The tags that it has from the start.</param>
    /// <param name="startedAt">When it began, if that was earlier than now.</param>
    /// <returns>The span, or <see langword="null"/> if nobody wants it.</returns>
    public static Activity? Start(
        string name, ActivityContext parent, IEnumerable<KeyValuePair<string, object?>> said, DateTimeOffset startedAt = default)
    {
        using var none = ActiveSpan.Leave();
        try
        {
            return Instruments.Source.StartActivity(ActivityKind.Internal, parent, said, null, startedAt, name);
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>Stops a span.</summary>
    public static void Stop(Activity span)
    {
        using var none = ActiveSpan.Leave();
        try
        {
            span.Stop();
        }
        catch (Exception)
        {
            // An exception of a listener must not end the run.
        }
    }

    /// <summary>The span as the W3C's <c>traceparent</c>, or <see langword="null"/> if it has no such id.</summary>
    public static string? IdOf(Activity? span) => span is { IdFormat: ActivityIdFormat.W3C } ? span.Id : null;
}
