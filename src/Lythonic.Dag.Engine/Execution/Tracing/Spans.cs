using System.Diagnostics;

namespace Lythonic.Dag.Execution;

/// <summary>
/// Starts and stops spans. The parent is always named, and the current span of the thread stays what it is: a run goes on where threads
/// take each other's place. What listeners throw is theirs, and ends no run.
/// </summary>
internal static class Spans
{
    private const string TraceParent = "TRACEPARENT";
    private const string TraceState = "TRACESTATE";

    /// <summary>
    /// The parent of a run: the span that its caller is in, else what the process that started this one says in its environment.
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
    /// <param name="said">What it says from the start.</param>
    /// <param name="startedAt">When it began, where that is over.</param>
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
            // Exceptions of listeners are the listeners' own.
        }
    }

    /// <summary>The span as the W3C's <c>traceparent</c>, or <see langword="null"/> if it has no such id.</summary>
    public static string? IdOf(Activity? span) => span is { IdFormat: ActivityIdFormat.W3C } ? span.Id : null;
}
