using System.Diagnostics.CodeAnalysis;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// What keeps the nodes of a run from starting, and stops those in flight: a pause, a failure, a cancellation, a time that is up, in this
/// run or in one that it is in. Closing nodes go on after a failure and after a cancellation, and so do the sub-runs that they run.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable",
    Justification = "The deadline is disposed when the run ends, and the run is read after that.")]
internal sealed class RunLimits
{
    private readonly RunExecution _run;
    private readonly RunSession _session;
    private readonly bool _hasClock;
    private CancellationTokenSource? _halt;
    private CancellationTokenSource? _closingHalt;
    private Deadline? _deadline;

    public RunLimits(RunExecution run)
    {
        (_run, _session) = (run, run.Session);
        _hasClock = TimeLimit is not null || run.Parent is { Run.Limits._hasClock: true };
        IsInClosing = run.Parent is { } parent && (parent.Node.IsClosing || parent.Run.Limits.IsInClosing);
        ResetDeadline();
    }

    /// <summary>Whether it is a sub-run of a closing node, at any depth.</summary>
    public bool IsInClosing { get; }

    /// <summary>How long one attempt of this sub-run may take, or <see langword="null"/>.</summary>
    public TimeSpan? TimeLimit => _run.Parent?.Node.Settings.Timeout;

    /// <summary>Whether this attempt of the sub-run has taken too long.</summary>
    public bool HasTimedOut => _deadline is { HasPassed: true };

    /// <summary>Cancelled when what runs in this run has to stop.</summary>
    public CancellationToken Token => _deadline?.Token ?? Outer;

    /// <summary>Whether nodes of this run may start that are no closing nodes.</summary>
    public bool MayStart =>
        !(_session.IsPausing && !(IsInClosing && _session.IsCancelled)) && !IsStopped && !HasTimedOut
        && (!_run.HasFailed || _session.Options.ContinueOnFailure)
        && (_run.Parent is not { } parent
            || (parent.Run.Limits.MayStartNode(parent.Node) && !parent.HoldsBack(_run.HasStarted)));

    private CancellationToken Outer => _run.Parent is { } parent ? parent.Run.Limits.TokenOf(parent.Node) : _session.Cancelled;

    // Whether what cancels nodes that are no closing nodes has happened.
    private bool IsStopped => IsInClosing ? _run.Parent!.Run.Limits.IsNodeStopped(_run.Parent.Node) : _session.IsCancelled;

    /// <summary>Whether a node of this run may start.</summary>
    public bool MayStartNode(CompiledNode node) => node.IsClosing
        ? _session.Fault is null && !(_session.IsPausing && !_session.IsCancelled) && !IsNodeStopped(node)
        : MayStart;

    /// <summary>
    /// Whether a node that failed may be tried again: a pause leaves the attempts that remain for the restart; any other halt ends them.
    /// </summary>
    public bool MayTryAgain(CompiledNode node) => !IsNodeStopped(node) && (MayStartNode(node) || _session.IsPausing);

    /// <summary>Whether a node cannot start any more, and has to stop if it is in flight, because of a cancellation.</summary>
    public bool IsNodeStopped(CompiledNode node)
    {
        if (!node.IsClosing)
            return IsStopped || (IsInClosing && IsInline(node) && _session.IsCancelled);
        if (IsInClosing)
            return IsStopped;
        return EndsWithCancellation(node) ? _session.IsCancelled : _session.Closing.IsOver(node.Settings.Timeout is not null);
    }

    /// <summary>Cancelled when a node has to stop.</summary>
    public CancellationToken TokenOf(CompiledNode node)
    {
        if (!node.IsClosing)
            return IsInClosing && IsInline(node) ? _session.Cancelled : Token;
        if (IsInClosing)
            return Outer;
        return EndsWithCancellation(node) ? _session.Cancelled : _session.Closing.TokenOf(node.Settings.Timeout is not null);
    }

    /// <summary>Whether a node runs on the caller's thread, which is gone after a cancellation.</summary>
    public bool IsInline(CompiledNode node) => node.SubDags is null && (_session.Options.Inline || node.Settings.Inline);

    /// <summary>Cancelled when a node may not start any more: it ends the waits for other attempts. Under the lock.</summary>
    public CancellationToken HaltedOf(CompiledNode node)
    {
        var halt = node.IsClosing ? _closingHalt ??= new CancellationTokenSource() : _halt ??= new CancellationTokenSource();
        // This thread has the lock, so those who wait continue on other threads.
        if (!MayStartNode(node))
            _ = halt.CancelAsync();
        return halt.Token;
    }

    /// <summary>Ends the waits of what may not start any more. Under the lock.</summary>
    public void EndWaits()
    {
        if (_halt is not null && !MayStart)
            _ = _halt.CancelAsync();
        // A node with a timeout of its own may go on all the same, and does so at once.
        if (_closingHalt is not null && (_session.Fault is not null || _session.IsPausing || _session.Closing.IsOver(hasTimeout: false)))
            _ = _closingHalt.CancelAsync();
    }

    /// <summary>Begins anew, for another attempt. Under the lock.</summary>
    public void Reset()
    {
        (_halt, _closingHalt) = (null, null);
        ResetDeadline();
    }

    /// <summary>Starts the clock of this attempt, and those of the sub-runs around it. Outside of the lock.</summary>
    public void StartClocks()
    {
        if (!_hasClock)
            return;
        lock (_session.Lock)
        {
            for (var run = _run; run is not null; run = run.Parent?.Run)
                run.Limits._deadline?.Arm();
        }
    }

    /// <summary>Stops the clock of this attempt. Under the lock.</summary>
    public void StopClock() => _deadline?.Dispose();

    private bool EndsWithCancellation(CompiledNode node) => node.Settings.When == NodeWhen.Failed || IsInline(node);

    private void ResetDeadline()
    {
        if (TimeLimit is not { } limit)
            return;
        _deadline?.Dispose();
        _deadline = new Deadline(_run, limit, Outer);
    }
}
