using System.Diagnostics;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>What is told of one attempt of a node that runs code.</summary>
/// <param name="run">Its run.</param>
/// <param name="node">The node.</param>
/// <param name="trace">What is told of the node.</param>
/// <param name="span">The attempt's own span, if somebody wants it.</param>
/// <param name="nearest">The attempt's span, or the nearest one around it.</param>
internal sealed class AttemptTrace(RunExecution run, CompiledNode node, NodeTrace trace, Activity? span, Activity? nearest) : IDisposable
{
    private bool _hasEnded;

    /// <summary>The current span of its code.</summary>
    public Activity? Span => nearest;

    /// <summary>Begins to count it.</summary>
    public AttemptTrace Begin()
    {
        Instruments.InFlight.Add(1, RunTag);
        return this;
    }

    /// <summary>It ended.</summary>
    public void End(NodeStatus status, NodeFailure? failure)
    {
        var name = status.ToName();
        trace.Latest = (status, failure);
        if (span is not null)
        {
            span.SetTag(SpanTags.Status, name);
            if (failure is not null)
                SpanTags.Fail(span, failure, isWhole: true);
            Spans.Stop(span);
        }

        Instruments.Attempts.Add(
            1, RunTag, new(SpanTags.NodeLabel, node.Label), new KeyValuePair<string, object?>(SpanTags.Status, name));
        Dispose();
    }

    /// <summary>It is over: an attempt that never began has not ended, and nobody hears of it.</summary>
    public void Dispose()
    {
        if (_hasEnded)
            return;
        _hasEnded = true;
        Instruments.InFlight.Add(-1, RunTag);
    }

    private KeyValuePair<string, object?> RunTag => new(SpanTags.DagName, run.Dag.Name);
}
