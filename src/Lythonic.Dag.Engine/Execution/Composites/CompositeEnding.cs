using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// Ends an attempt of a composite node: builds and stores its output, and tells the run. Call its members outside of the lock.
/// </summary>
/// <param name="composite">The node.</param>
internal sealed class CompositeEnding(CompositeExecution composite)
{
    private readonly RunExecution _run = composite.Run;
    private readonly CompiledNode _node = composite.Node;
    private readonly RunSession _session = composite.Run.Session;
    private readonly CompositeRecord _record = composite.Record;

    /// <summary>Ends the node with an earlier output, which is reused.</summary>
    public async Task TakeOverAsync()
    {
        var reuse = _record.Reuse!;
        var found = reuse.Found!;
        _record.Start(reuse.Input);
        _record.End(NodeStatus.Skipped, found.Output, null, end => end with { ReusedFrom = found.RanIn, Reuse = reuse.Again });
        _run.Release(_node, _run.WarningsOf(_node));
        if (await FlushAsync().ConfigureAwait(false) is { } failure)
            Report(NodeStatus.Failed, null, failure, default);
        else
            Report(NodeStatus.Skipped, NodeOutput.Stored(found.Output, _node), null, default);
    }

    /// <summary>Completes the node: its elements are done, or failed within what is allowed.</summary>
    public async Task CompleteAsync()
    {
        NodeOutput? output;
        var failures = composite.Failures;
        (string First, string All)? allowed;
        try
        {
            output = composite.Work.Collect();
            allowed = failures.Count == 0 ? null : failures.Allowed(composite.Work.Count, saysLimit: composite.Feed is null);
        }
        catch (Exception error)
        {
            Fail(NodeFailure.From(error));
            return;
        }

        var errors = composite.Tally.Errors;
        var said = allowed?.All ?? composite.Tally.FirstError;
        var status = composite.Work.IsOmitted ? NodeStatus.Omitted : NodeStatus.Completed;
        var reuse = _record.Reuse is { } own
            ? own.Keep(output?.Encoded, errors, _session.Now(), wasResumed: _run.Resumed is not null)
            : SubRunReuse.KeepAtEndOf(_run, _node, output?.Encoded, errors, _session.Now());
        _record.End(status, output?.Encoded, said, end => Counted(end with { Errors = errors, Reuse = reuse }));
        if (await FlushAsync().ConfigureAwait(false) is { } failure)
        {
            Report(NodeStatus.Failed, null, failure, errors);
            return;
        }

        if (allowed is { First: var first } && composite.Feed is not { IsWatched: true })
            _run.Warn(_node, first);
        _run.Release(_node, _run.WarningsOf(_node));
        Report(status, output, null, errors, said);
    }

    /// <summary>Ends it as failed.</summary>
    public void Fail(NodeFailure failure) => Close(NodeStatus.Failed, failure);

    /// <summary>Ends it without an output.</summary>
    public void Close(NodeStatus status, NodeFailure? failure)
    {
        var errors = composite.Tally.Errors;
        // A map that was stopped says why elements have failed until then.
        var failures = composite.Failures;
        var said = failure is null && failures.Count > 0 ? failures.Allowed(composite.Work.Count, saysLimit: false).All : null;
        _record.End(
            status, null, failure?.Detail ?? failure?.Message ?? said, end => Counted(end with { Errors = errors }));
        Report(status, null, failure, errors, said);
    }

    // If the node went on after a restart, its earlier elements are not counted, so the numbers would be wrong.
    private NodeEnd Counted(NodeEnd end) => _run.Resumed is not null ? end : end with
    {
        ReusedElements = end.Status == NodeStatus.Completed ? composite.Work.ReusedCount : 0,
        RetriedElements = composite.Tally.Retried,
    };

    // What is downstream starts only when the completion is durable.
    private async ValueTask<NodeFailure?> FlushAsync()
    {
        try
        {
            await _session.FlushAsync().ConfigureAwait(false);
            return null;
        }
        catch (DagException error)
        {
            return NodeFailure.From(error);
        }
    }

    private void Report(NodeStatus status, NodeOutput? output, NodeFailure? failure, ErrorCounts errors, string? said = null)
    {
        composite.Leave(status);
        _run.NodeEnded(
            _node,
            status,
            output,
            failure,
            new NodeResult(
                _node.Label, _node.Kind, status, composite.Attempt, _record.StartedAt, _session.Now(), failure?.Message ?? said)
            {
                Errors = errors,
                Causes = composite.Tally.Causes,
                ReusedElements = status == NodeStatus.Completed && _run.Resumed is null ? composite.Work.ReusedCount : 0,
                ElementCount = _node.HasElements ? composite.Work.Count : null,
                RetriedElements = _run.Resumed is null ? composite.Tally.Retried : 0,
                ReusedFrom = status == NodeStatus.Skipped ? _record.Reuse?.Found?.RanIn : null,
                Messages = _session.Provenance.KeepsRuns || _run.Parent is not null ? [] : composite.Failures.List(),
            });
    }
}
