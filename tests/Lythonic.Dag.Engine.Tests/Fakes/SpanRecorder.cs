using System.Collections.Concurrent;
using System.Diagnostics;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>
/// Records the spans of the engine. Other tests run at the same time, so it answers only for the run of the DAG with the given name.
/// </summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ConcurrentQueue<Activity> _started = new();
    private readonly ConcurrentQueue<Activity> _stopped = new();
    private readonly ActivityListener _listener;

    public SpanRecorder(ActivitySamplingResult result = ActivitySamplingResult.AllDataAndRecorded, Action<Activity>? stopped = null)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Lythonic.Dag",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => result,
            ActivityStarted = _started.Enqueue,
            ActivityStopped = span =>
            {
                _stopped.Enqueue(span);
                stopped?.Invoke(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The spans of a run that stopped, in that order.</summary>
    public List<Activity> Of(string dag) => Trace(dag) is { } trace ? [.. _stopped.Where(span => span.TraceId == trace)] : [];

    /// <summary>How many spans of it were started.</summary>
    public int Started(string dag) => Trace(dag) is { } trace ? _started.Count(span => span.TraceId == trace) : 0;

    public void Dispose() => _listener.Dispose();

    private ActivityTraceId? Trace(string dag) => _started.FirstOrDefault(span => span.OperationName == $"run {dag}")?.TraceId;
}
