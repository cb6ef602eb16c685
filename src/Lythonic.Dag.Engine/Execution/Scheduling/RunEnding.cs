using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>How a run ends. It changes under the session's lock.</summary>
/// <param name="run">The run.</param>
/// <param name="outputs">The outputs of its nodes.</param>
internal sealed class RunEnding(RunExecution run, RunOutputs outputs)
{
    private readonly RunSession _session = run.Session;
    private (string Label, NodeFailure? Failure)? _closing;
    private bool _isHeld;

    /// <summary>Why the run failed; the first failure counts.</summary>
    public NodeFailure? Failure { get; private set; }

    /// <summary>The label of the node that failed first.</summary>
    public string? FailedNode { get; private set; }

    public bool HasEnded { get; private set; }

    /// <summary>Whether it has ended, or is to be tried again.</summary>
    public bool IsOver => HasEnded || _isHeld;

    /// <summary>Begins an attempt: forgets how an earlier one ended.</summary>
    public void Reset() => (Failure, FailedNode, _closing, HasEnded, _isHeld) = (null, null, null, false, false);

    /// <summary>Notes that a node failed. The failure of a closing node counts only if no other node failed, and stops none.</summary>
    public void Fail(CompiledNode node, NodeFailure? failure)
    {
        if (node.IsClosing)
        {
            _closing ??= (node.Label, failure);
        }
        else if (Failure is null)
        {
            Failure = failure;
            FailedNode = node.Label;
        }
    }

    /// <summary>Ends the run, of which nothing is in flight, unless it is a sub-run that is tried again.</summary>
    public void TryEnd()
    {
        var status = Status();
        if (status == DagRunStatus.Failed && Failure is null && !run.Limits.HasTimedOut && _closing is { } closing)
            (Failure, FailedNode) = (closing.Failure, closing.Label);
        if (status == DagRunStatus.Failed && _session.Fault is null)
        {
            Failure ??= TimedOut();
            FailedNode ??= run.State.FirstOpen().Label;
        }

        _isHeld = status == DagRunStatus.Failed && run.Parent is { } parent && parent.TriesAgain(run);
        if (_isHeld)
            LeavePlace();
        else
            End(status);
    }

    /// <summary>Ends a sub-run that failed and is not tried again after all.</summary>
    /// <param name="failure">Why it failed.</param>
    public void GiveUp(NodeFailure failure)
    {
        _isHeld = false;
        Failure = failure;
        End(DagRunStatus.Failed);
    }

    /// <summary>Ends it, whatever is still to come of it.</summary>
    public void End(DagRunStatus status)
    {
        HasEnded = true;
        run.Limits.StopClock();
        LeavePlace();
        _session.Defer(() => Close(status));
    }

    /// <summary>
    /// The message of the whole run: its error, why it paused or was stopped, or the first error that a completed node wrote.
    /// </summary>
    public string? Said(DagRunStatus status) => Failure?.Message ?? status switch
    {
        DagRunStatus.Paused => _session.PauseReason,
        DagRunStatus.Completed => run.FirstError,
        DagRunStatus.Cancelled when run.Parent is null => _session.Options.Feed?.StopReason,
        _ => null,
    };

    // If anything goes wrong here, those who wait for the end of the run must still be told.
    private void Close(DagRunStatus status)
    {
        try
        {
            if (_session.Provenance.KeepsRuns && _session.Fault is null)
                outputs.LookAgain(run);
            // Tell the observers first: if one throws, that decides how the root run ends.
            _session.Observer?.RunEnded(run.Handle.RunId, status);
            if (run.Parent is null && _session.Fault is not null)
                status = DagRunStatus.Failed;
            run.Waiting.Withdraw();
            _session.Provenance.EndRun(run.Handle, EndOf(status));
        }
        catch (Exception error)
        {
            _session.Fail(error);
        }

        run.Trace?.End(status, run.Parent is null ? _session.Fault ?? Failure : Failure);
        run.Ended?.Invoke(status);
        run.Parent?.ElementEnded(run, status);
    }

    // The host is no longer needed. If it belongs to an element around the run, that element leaves it.
    private void LeavePlace()
    {
        if (run.Place is { } place && place != run.Parent!.Run.Place)
            place.Leave();
    }

    private RunEnd EndOf(DagRunStatus status) => run.Parent is null && _session.Fault is { } fault
        ? new(DagRunStatus.Failed, _session.Now(), null, $"{nameof(DagErrorId.DagEngineFault)}: {fault.Message}\n{fault.Detail}")
        {
            Errors = run.Errors,
        }
        : EndOf(status, _session.Now());

    private RunEnd EndOf(DagRunStatus status, DateTimeOffset finishedAt) => new(status, finishedAt, FailedNode, Said(status))
    {
        Errors = run.Errors,
        MetConditions = status == DagRunStatus.Completed ? null : run.Tally.MetConditions(run.State),
        Reuse = status == DagRunStatus.Completed && run.Reuse is { } reuse && run.HasOutput(run.Dag.Sink.Index)
            ? reuse.Keep(run.Output(run.Dag.Sink.Index).Encoded, run.Errors, finishedAt, wasResumed: run.Resumed is not null)
            : null,
    };

    private DagRunStatus Status()
    {
        if (run.Parent is null && _session.Fault is not null)
            return DagRunStatus.Failed;
        if (run.State.IsComplete)
            return DagRunStatus.Completed;
        if (_session.IsCancelled)
            return DagRunStatus.Cancelled;
        if (Failure is not null || _closing is not null || run.Limits.HasTimedOut)
            return DagRunStatus.Failed;
        // If a sub-run stops because something beside it failed, it was in flight and was stopped.
        return _session.IsPausing ? DagRunStatus.Paused : DagRunStatus.Cancelled;
    }

    private NodeFailure TimedOut() =>
        LeafAttempt.TimedOut($"It timed out after {DurationText.Render(run.Limits.TimeLimit)}.", run.State.FirstOpen().Declaration.Code);
}
