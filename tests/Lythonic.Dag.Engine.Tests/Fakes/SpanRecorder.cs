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
    public List<Activity> Of(string dag) => Of(dag, _stopped);

    /// <summary>How many spans of it were started.</summary>
    public int Started(string dag) => Of(dag, _started).Count;

    public void Dispose() => _listener.Dispose();

    // If the environment names a parent, all runs that begin meanwhile are in one trace.
    private List<Activity> Of(string dag, IEnumerable<Activity> spans)
    {
        var own = new HashSet<ActivitySpanId>();
        foreach (var span in _started.Where(span => span.OperationName == $"run {dag}" || own.Contains(span.ParentSpanId)))
            own.Add(span.SpanId);
        return [.. spans.Where(span => own.Contains(span.SpanId))];
    }
}
