using System.Diagnostics;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>The trace of one attempt of a node that runs code.</summary>
/// <param name="run">Its run.</param>
/// <param name="node">The node.</param>
/// <param name="trace">The trace of the node.</param>
/// <param name="span">The attempt's own span, if somebody wants it.</param>
/// <param name="nearest">The attempt's span, or the nearest one around it.</param>
internal sealed class AttemptTrace(RunExecution run, CompiledNode node, NodeTrace trace, Activity? span, Activity? nearest) : IDisposable
{
    private bool _hasEnded;

    /// <summary>The span that is current while its code runs.</summary>
    public Activity? Span => nearest;

    /// <summary>Counts the attempt as in flight.</summary>
    public AttemptTrace Begin()
    {
        Instruments.InFlight.Add(1, RunTag);
        return this;
    }

    /// <summary>Called when the attempt has ended.</summary>
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

    /// <summary>Called when the attempt is over. An attempt that never began is not reported.</summary>
    public void Dispose()
    {
        if (_hasEnded)
            return;
        _hasEnded = true;
        Instruments.InFlight.Add(-1, RunTag);
    }

    private KeyValuePair<string, object?> RunTag => new(SpanTags.DagName, run.Dag.Name);
}
