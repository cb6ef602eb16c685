using System.Diagnostics.CodeAnalysis;

using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Execution;

/// <content>What a sub-run needs to be tried again, and to end when its time is up.</content>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The deadline is disposed when the run ends, and the run is read after that.")]
internal sealed partial class RunExecution
{
    private CancellationTokenSource? _halt;
    private Deadline? _deadline;

    /// <summary>How long one attempt of this sub-run may take, or <see langword="null"/>.</summary>
    public TimeSpan? TimeLimit => Parent?.Node.Node.Settings.Timeout;

    /// <summary>Whether this attempt of the sub-run has taken too long.</summary>
    public bool HasTimedOut => _deadline is { HasPassed: true };

    /// <summary>How often this sub-run was tried again. Under the lock.</summary>
    public int Retries { get; set; }

    /// <summary>Cancelled when what runs in this run has to stop.</summary>
    public CancellationToken Token => _deadline?.Token ?? Parent?.Run.Token ?? Session.Cancelled;

    /// <summary>Cancelled when no node of this run may start any more: it ends the waits for other attempts. Under the lock.</summary>
    public CancellationToken Halted
    {
        get
        {
            _halt ??= new CancellationTokenSource();
            if (!MayStart)
                _halt.Cancel();
            return _halt.Token;
        }
    }

    /// <summary>Whether what did not complete in this run is kept, because an attempt may follow that goes on with it.</summary>
    public bool KeepsUnfinished { get; }

    private bool HasClock { get; }

    /// <summary>
    /// Goes on with a sub-run that failed, from the nodes that are not done; where none may start, it ends as what stopped it says. Under the lock.
    /// </summary>
    public void TryAgain()
    {
        _isHeld = false;
        (Failure, FailedNode, _halt) = (null, null, null);
        State.Reopen();
        ResetDeadline();
        LaunchReady();
    }

    /// <summary>Ends a sub-run that failed and is not tried again after all. Under the lock.</summary>
    /// <param name="failure">Why it failed.</param>
    public void GiveUp(NodeFailure failure)
    {
        (_isHeld, Failure) = (false, failure);
        End(DagRunStatus.Failed);
    }

    /// <summary>Goes on with a sub-run that ended without completing, as its composite node is tried again. Under the lock.</summary>
    public void Resume()
    {
        if (Session.Provenance.FindRun(Handle.RunId) is { } stored)
            Handle = Session.Provenance.ResumeRun(stored, Parent!.Run.Handle, StoredNodes.DefinitionOf(Dag, stored, Session.Provenance));
        (_ended, Retries) = (false, 0);
        Session.Observer?.RunStarted(Handle.RunId, Path, Dag.Nodes.Length, Parent!.Run.Handle.RunId);
        TryAgain();
    }

    /// <summary>The next attempt of a node waits: the store says so. Outside of the lock.</summary>
    /// <param name="node">The node.</param>
    /// <param name="attempt">The attempt that failed.</param>
    /// <param name="error">Why.</param>
    public void Wait(int node, int attempt, string? error)
    {
        lock (Session.Lock)
            (_waiting ??= [])[node] = Session.Provenance.StartNode(
                Handle, new NodeStart(node, _attempts[node] + 1, Session.Now(), null) { Waits = $"Attempt {attempt} failed: {error}" });
    }

    /// <summary>The nodes of a sub-run that failed wait for its next attempt. Outside of the lock.</summary>
    public void WaitAgain()
    {
        foreach (var node in Dag.Nodes)
        {
            if (State[node.Index] is NodeStatus.Failed or NodeStatus.Cancelled)
                Wait(node.Index, _attempts[node.Index], Failure?.Message);
        }
    }

    /// <summary>Posts that an attempt of a node starts: one that waited, or a new one.</summary>
    public NodeRunHandle StartNode(NodeStart start)
    {
        if (_waiting is not null)
        {
            NodeRunHandle? waiting;
            lock (Session.Lock)
                _waiting.Remove(start.NodeIndex, out waiting);
            if (waiting is not null)
            {
                Session.Provenance.BeginNode(waiting, start);
                return waiting;
            }
        }

        return Session.Provenance.StartNode(Handle, start);
    }

    private void WithdrawWaiting()
    {
        foreach (var waiting in _waiting?.Values ?? Enumerable.Empty<NodeRunHandle>())
            Session.Provenance.WithdrawNode(waiting);
        _waiting?.Clear();
    }

    /// <summary>A node of this run starts: its time, and that of the sub-runs that it is in, begins to count. Without the lock.</summary>
    public void StartClocks()
    {
        if (!HasClock)
            return;
        lock (Session.Lock)
        {
            for (var run = this; run is not null; run = run.Parent?.Run)
                run._deadline?.Arm();
        }
    }

    private void ResetDeadline()
    {
        if (TimeLimit is not { } limit)
            return;
        _deadline?.Dispose();
        _deadline = new Deadline(this, limit, Parent!.Run.Token);
    }

    private NodeFailure TimedOut()
    {
        var text = $"It timed out after {TimeLimit}.";
        return new(text, null, new TimeoutException(text));
    }
}
