using System.Diagnostics;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The trace of a run or sub-run: a span of its own, below it a span for each node that starts, and below that one for each attempt. If
/// nobody listens when the run begins, there is no trace. Call its members outside of the session's lock.
/// </summary>
internal sealed class RunTrace
{
    private readonly RunExecution _run;
    private readonly Activity? _span;
    private readonly Activity? _nearest;
    private readonly DateTimeOffset _startedAt;
    private readonly Dictionary<int, NodeTrace> _nodes = [];

    private RunTrace(RunExecution run, Activity? span, Activity? nearest)
    {
        (_run, _span, _nearest) = (run, span, nearest);
        _startedAt = run.Session.Now();
    }

    /// <summary>
    /// Whether the run has ended. If it goes on after that, because its composite node is tried again, it gets a new trace.
    /// </summary>
    public bool HasEnded { get; private set; }

    /// <summary>Begins the trace of a run.</summary>
    /// <returns><see langword="null"/> if nobody listens.</returns>
    public static RunTrace? Begin(RunExecution run)
    {
        if (run.Parent is { } composite)
            return composite.Run.Trace is { } around ? Inside(around.NearestOf(composite.Node.Index), run, composite) : null;
        if (!Instruments.HasListeners)
            return null;
        var span = Spans.Start(
            $"run {run.Dag.Name}", Spans.Caller(), [new(SpanTags.DagName, run.Dag.Name), new(SpanTags.RunId, run.Handle.RunId)]);
        return new(run, span, span);
    }

    private static RunTrace Inside(Activity? around, RunExecution run, CompositeExecution composite)
    {
        var span = around is null ? null : Spans.Start(
            $"run {composite.Node.Label}",
            around.Context,
            [
                new(SpanTags.DagName, run.Dag.Name),
                new(SpanTags.RunId, run.Handle.RunId),
                new(SpanTags.RunPath, run.Path),
                new(SpanTags.ParentRunId, composite.Run.Handle.RunId),
            ]);
        return new(run, span, span ?? around);
    }

    /// <summary>Called when a composite node starts, which has no attempts of its own.</summary>
    public void StartNode(CompiledNode node) => Find(node, default);

    /// <summary>Called when an attempt of a node starts. With the first attempt the node starts.</summary>
    public AttemptTrace StartAttempt(CompiledNode node, int attempt, string? host)
    {
        var trace = Find(node, default);
        var around = trace.Span ?? _nearest;
        var span = around is null ? null : Spans.Start(
            $"attempt {node.Label}", around.Context, [.. Says(node), new(SpanTags.Attempt, attempt)]);
        span?.SetTag(SpanTags.Host, host);
        return new AttemptTrace(_run, node, trace, span, span ?? around).Begin();
    }

    /// <summary>Called when a node has ended.</summary>
    public void EndNode(CompiledNode node, NodeStatus status, NodeFailure? failure, NodeResult result)
    {
        // A node whose condition kept it from running has not started.
        var trace = Find(node, result.StartedAt ?? default);
        lock (_nodes)
            _nodes.Remove(node.Index);
        if (trace.Span is { } span)
        {
            span.SetTag(SpanTags.Attempt, result.Attempt);
            span.SetTag(SpanTags.Host, result.Host);
            span.SetTag(SpanTags.ReusedFrom, result.ReusedFrom);
            if (result.Errors.All > 0)
                span.SetTag(SpanTags.ErrorCount, result.Errors.All);
        }

        End(node, trace, status, failure);
    }

    /// <summary>Called when the run has ended.</summary>
    public void End(DagRunStatus status, NodeFailure? failure)
    {
        HasEnded = true;
        EndOpenNodes(status);
        var name = status.ToName();
        if (_span is not null)
        {
            _span.SetTag(SpanTags.Status, name);
            _span.SetTag(SpanTags.FailedNode, _run.FailedNode);
            if (_run.Errors.All > 0)
                _span.SetTag(SpanTags.ErrorCount, _run.Errors.All);
            if (status == DagRunStatus.Failed && failure is not null)
                SpanTags.Fail(_span, failure, isWhole: false);
            Spans.Stop(_span);
        }

        if (_run.Parent is not null)
            return;
        KeyValuePair<string, object?> dag = new(SpanTags.DagName, _run.Dag.Name), ended = new(SpanTags.Status, name);
        Instruments.Runs.Add(1, dag, ended);
        Instruments.RunDuration.Record((_run.Session.Now() - _startedAt).TotalSeconds, dag, ended);
    }

    /// <summary>The span that is the parent of what runs inside a node.</summary>
    private Activity? NearestOf(int node)
    {
        lock (_nodes)
            return _nodes.TryGetValue(node, out var trace) && trace.Span is { } span ? span : _nearest;
    }

    private NodeTrace Find(CompiledNode node, DateTimeOffset startedAt)
    {
        lock (_nodes)
        {
            if (_nodes.TryGetValue(node.Index, out var known))
                return known;
        }

        // A node has only one start at a time.
        var span = _nearest is null ? null : Spans.Start($"node {node.Label}", _nearest.Context, Says(node), startedAt);
        var trace = new NodeTrace(span, startedAt == default ? _run.Session.Now() : startedAt);
        lock (_nodes)
            return _nodes[node.Index] = trace;
    }

    private void End(CompiledNode node, NodeTrace trace, NodeStatus status, NodeFailure? failure)
    {
        var name = status.ToName();
        if (trace.Span is { } span)
        {
            span.SetTag(SpanTags.Status, name);
            if (status == NodeStatus.Failed && failure is not null)
                SpanTags.Fail(span, failure, isWhole: trace.Latest is null);
            Spans.Stop(span);
        }

        Instruments.NodeDuration.Record(
            (_run.Session.Now() - trace.StartedAt).TotalSeconds,
            new(SpanTags.DagName, _run.Dag.Name),
            new(SpanTags.NodeLabel, node.Label),
            new KeyValuePair<string, object?>(SpanTags.Status, name));
    }

    // These nodes waited for an attempt that never came. They end as their latest attempt did, unless the run goes on with them.
    private void EndOpenNodes(DagRunStatus status)
    {
        List<KeyValuePair<int, NodeTrace>> open;
        lock (_nodes)
        {
            if (_nodes.Count == 0)
                return;
            open = [.. _nodes];
            _nodes.Clear();
        }

        foreach (var (index, trace) in open)
        {
            var (latest, failure) = status == DagRunStatus.Paused
                ? (NodeStatus.Paused, null)
                : trace.Latest ?? (NodeStatus.Cancelled, null);
            End(_run.Dag.Nodes[index], trace, latest, failure);
        }
    }

    private KeyValuePair<string, object?>[] Says(CompiledNode node) =>
    [
        new(SpanTags.DagName, _run.Dag.Name),
        new(SpanTags.RunId, _run.Handle.RunId),
        new(SpanTags.NodeLabel, node.Label),
        new(SpanTags.NodeKind, node.Kind.ToString().ToLowerInvariant()),
    ];
}
