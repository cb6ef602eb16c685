using System.Diagnostics.CodeAnalysis;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// One run or sub-run in flight: which of its nodes start, and how it ends. Its state changes under the session's lock; what follows from a
/// change is deferred until the lock is free.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable",
    Justification = "The deadline is disposed when the run ends, and the run is read after that.")]
internal sealed class RunExecution
{
    private readonly RunOutputs _outputs;
    private readonly int[] _attempts;
    private readonly NodeResult?[] _results;
    private readonly List<CompositeExecution> _composites = [];
    private Dictionary<int, CompositeExecution>? _unfinished;
    private CancellationTokenSource? _halt;
    private Deadline? _deadline;
    private ErrorSum _errors;
    private int _outstanding;
    private readonly bool _isSharedAbove;
    private bool _isHeld;

    public RunExecution(RunSession session, CompiledDag dag, RunHandle handle, string path, OrderKey order, CompositeExecution? parent)
    {
        Session = session;
        Dag = dag;
        Handle = handle;
        Path = path;
        Order = order;
        Parent = parent;
        State = new RunState(dag);
        StartedAt = session.Now();
        _outputs = new RunOutputs(dag);
        _isSharedAbove = parent is not null && parent.Run.IsShared(parent.Node);
        Waiting = new WaitingNodes(this);
        Host = parent is null ? null : OwnHost(parent.Node) ?? parent.Run.Host;
        _attempts = new int[dag.Nodes.Length];
        _results = parent is null ? new NodeResult?[dag.Nodes.Length] : [];
        KeepsUnfinished = parent is not null && (parent.Node.Settings.Retry.Count > 0 || parent.Run.KeepsUnfinished);
        HasClock = TimeLimit is not null || parent is { Run.HasClock: true };
        ResetDeadline();
    }

    public RunSession Session { get; }

    public CompiledDag Dag { get; }

    public RunHandle Handle { get; private set; }

    public string Path { get; }

    public OrderKey Order { get; }

    /// <summary>The composite node that this is a sub-run of, or <see langword="null"/>.</summary>
    public CompositeExecution? Parent { get; }

    public RunState State { get; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>
    /// The stored run that this goes on with, so that its composite nodes find their sub-runs; or <see langword="null"/>.
    /// </summary>
    public StoredRun? Resumed { get; set; }

    /// <summary>The element that the source of a sub-run gets.</summary>
    public MapElement? Element { get; init; }

    public NodeFailure? Failure { get; private set; }

    public string? FailedNode { get; private set; }

    public bool HasFailed => Failure is not null;

    /// <summary>The errors beside which its nodes ended. Under the lock, or when it has ended.</summary>
    public ErrorCounts Errors => _errors.Total;

    /// <summary>The first of them, with its node's label; or <see langword="null"/>.</summary>
    public string? FirstError => _errors.First;

    /// <summary>The nodes whose next attempt waits.</summary>
    public WaitingNodes Waiting { get; }

    /// <summary>Whether its nodes have been told that they may start. Before that nothing ends it.</summary>
    public bool HasBegun { get; private set; }

    public bool HasEnded { get; private set; }

    /// <summary>How long one attempt of this sub-run may take, or <see langword="null"/>.</summary>
    public TimeSpan? TimeLimit => Parent?.Node.Settings.Timeout;

    /// <summary>Whether this attempt of the sub-run has taken too long.</summary>
    public bool HasTimedOut => _deadline is { HasPassed: true };

    /// <summary>How often this sub-run was tried again. Under the lock.</summary>
    public int Retries { get; set; }

    /// <summary>Whether what did not complete in this run is kept, because an attempt may follow that goes on with it.</summary>
    public bool KeepsUnfinished { get; }

    /// <summary>Cancelled when what runs in this run has to stop.</summary>
    public CancellationToken Token => _deadline?.Token ?? Parent?.Run.Token ?? Session.Cancelled;

    /// <summary>Cancelled when no node of this run may start any more: it ends the waits for other attempts. Under the lock.</summary>
    public CancellationToken Halted
    {
        get
        {
            _halt ??= new CancellationTokenSource();
            // Those who wait already go on elsewhere, and not here under the lock.
            if (!MayStart)
                _ = _halt.CancelAsync();
            return _halt.Token;
        }
    }

    /// <summary>Whether nodes of this run may start: not when it, or a run that it is in, pauses, has failed or is cancelled.</summary>
    public bool MayStart =>
        !Session.IsPausing && !Session.IsCancelled && !HasTimedOut && (!HasFailed || Session.Options.ContinueOnFailure)
        && (Parent is null || Parent.Run.MayStart);

    /// <summary>Called outside of the lock when a root run has ended.</summary>
    public Action<DagRunStatus>? Ended { get; init; }

    private bool HasClock { get; }

    /// <summary>The host that the scriptblocks of this run are on, where their nodes name none of their own; <see langword="null"/> for this process.</summary>
    public HostSpec? Host { get; }

    /// <summary>The host that the code of a node runs on; <see langword="null"/> for this process.</summary>
    public HostSpec? HostOf(CompiledNode node) => node.RunsHere ? null : OwnHost(node) ?? Host;

    /// <summary>Tells who watches that the run goes on, before they hear of any of its nodes. Outside of the lock.</summary>
    public void Announce() => Session.Observer?.RunStarted(Handle.RunId, Path, Dag.Nodes.Length, Parent?.Run.Handle.RunId);

    /// <summary>Takes over a node that was done before. Only before <see cref="Begin"/>.</summary>
    public void Restore(int node, NodeStatus status, NodeOutput output, int attempt, NodeResult result)
    {
        State.Restore(node, status);
        _outputs.Restore(node, output);
        _attempts[node] = attempt;
        Note(node, result);
    }

    /// <summary>Says how often a node was tried before, and how the latest attempt ended. Only before <see cref="Begin"/>.</summary>
    public void RestoreAttempts(int node, int attempts, NodeResult latest)
    {
        _attempts[node] = attempts;
        NoteErrors(node, latest);
    }

    /// <summary>
    /// Goes on in the store with a sub-run that ended without completing, as its composite node is tried again; <see cref="Begin"/>
    /// follows. Outside of the lock: nothing else knows of a run that has ended.
    /// </summary>
    public void Reopen()
    {
        if (Session.Provenance.FindRun(Handle.RunId) is { } stored)
            Handle = Session.Provenance.ResumeRun(stored, Parent!.Run.Handle, ChangedNodes.DefinitionOf(Dag, stored, Session.Provenance));
        Retries = 0;
        Announce();
    }

    /// <summary>
    /// Starts what can start: for the first time, or again from the nodes that are not done. Where none may start, the run ends as what
    /// stopped it says. Under the lock.
    /// </summary>
    public void Begin()
    {
        if (HasBegun)
        {
            (Failure, FailedNode, _halt) = (null, null, null);
            State.Reopen();
            ResetDeadline();
        }

        (HasBegun, HasEnded, _isHeld) = (true, false, false);
        foreach (var node in State.Begin().ToList())
            Launch(node);
        TryEnd();
    }

    /// <summary>Ends a sub-run that failed and is not tried again after all. Under the lock.</summary>
    /// <param name="failure">Why it failed.</param>
    public void GiveUp(NodeFailure failure)
    {
        (_isHeld, Failure) = (false, failure);
        End(DagRunStatus.Failed);
    }

    /// <summary>
    /// Ends what waits for something that nobody will bring any more, after a fault and with nothing under way: the innermost first, so
    /// that what is around it can end by itself. Under the lock.
    /// </summary>
    /// <returns>Whether there was anything to end.</returns>
    public bool Abandon()
    {
        var inside = false;
        foreach (var composite in _composites)
            inside |= composite.Abandon();
        if (inside || HasEnded)
            return inside;
        End(Parent is null ? DagRunStatus.Failed : DagRunStatus.Cancelled);
        return true;
    }

    /// <summary>Notes how a node ended that is to be tried again. Under the lock.</summary>
    public void Note(int node, NodeResult result)
    {
        if (_results.Length > 0)
            _results[node] = result;
        NoteErrors(node, result);
    }

    public int NextAttempt(int node) => ++_attempts[node];

    /// <summary>How often a node was tried.</summary>
    public int Attempts(int node) => _attempts[node];

    public NodeOutput Output(int node) => _outputs[node];

    /// <summary>Whether objects in a node's output may be in the hands of other nodes than those that take it.</summary>
    public bool IsShared(CompiledNode node) => _isSharedAbove || node.IsShared;

    /// <summary>A node that takes its upstreams' outputs is done. Outside of the lock.</summary>
    /// <param name="node">The node.</param>
    /// <param name="warnings">Where is said what became of the outputs.</param>
    public void Release(CompiledNode node, ValueWarnings warnings)
    {
        if (!Session.Provenance.KeepsRuns)
            return;
        foreach (var upstream in node.Upstreams)
        {
            if (_outputs[upstream]?.Release(Session) == true)
                warnings.OfMissed(Dag.Nodes[upstream].Label);
        }
    }

    /// <summary>Says what becomes of values, of a node that has no call of its own, or none any more.</summary>
    public ValueWarnings WarningsOf(CompiledNode node) => new(text => Warn(node, text));

    /// <summary>Says a warning to who watches, of a node that has no call of its own, or none any more.</summary>
    public void Warn(CompiledNode node, string text)
    {
        var context = new DagContext();
        context.Initialize(Dag.Name, Path, node.Label, Handle.RunId, _attempts[node.Index], Token);
        Session.Observer?.NodeSaid(context, new NodeMessage("warning", text, Session.Now()), null);
    }

    /// <summary>Adds an attempt of a node that is in flight to what is ready. Under the lock.</summary>
    public void EnqueueLeaf(LeafExecution leaf) =>
        Session.Enqueue(new SlotRequest(this, Order.Then(leaf.Node.Index), leaf.Start, () => Withdraw(leaf.Node.Index)));

    /// <summary>A node that was to start, or to start again, does not. Under the lock.</summary>
    public void Withdraw(int node)
    {
        State.Withdraw(node);
        _outstanding--;
        TryEnd();
    }

    /// <summary>
    /// A node of this run starts: its time, and that of the sub-runs that it is in, begins to count. Outside of the lock.
    /// </summary>
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

    /// <summary>A node ended, and that is posted to the store. Outside of the lock.</summary>
    /// <param name="node">The node.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="output">What it gave, where it completed.</param>
    /// <param name="failure">Why it failed.</param>
    /// <param name="result">What a run without a store says of it.</param>
    /// <param name="holdsSlot">Whether it has its slot still, which is then given back.</param>
    public void NodeEnded(
        CompiledNode node, NodeStatus status, NodeOutput? output, NodeFailure? failure, NodeResult result, bool holdsSlot = false)
    {
        // Before anything follows from it: who watches hears of the end of a run after that of its nodes.
        Session.Observer?.NodeEnded(Handle.RunId, node.Label, status);
        var halted = false;
        lock (Session.Lock)
        {
            _outstanding--;
            if (holdsSlot)
                Session.Release();
            Note(node.Index, result);
            if (status == NodeStatus.Completed)
                Advance(node.Index, output!);
            else
                halted = Stop(node, status, failure);
            TryEnd();
        }

        if (halted)
            Session.Halt();
        Session.Dispatch();
    }

    /// <summary>A composite node ended. Under the lock.</summary>
    public void Untrack(CompositeExecution composite, NodeStatus status)
    {
        _composites.Remove(composite);
        if (KeepsUnfinished && status != NodeStatus.Completed)
            (_unfinished ??= [])[composite.Node.Index] = composite;
    }

    /// <summary>Looks again whether this run or a sub-run can end, after something said that no more nodes start. Under the lock.</summary>
    public void EndIfHalted()
    {
        foreach (var composite in _composites)
            composite.EndIfHalted();
        if (_halt is not null && !MayStart)
            _ = _halt.CancelAsync();
        TryEnd();
    }

    /// <summary>What is said of the run as a whole: its error, why it paused, or the first error beside which it completed.</summary>
    public string? Said(DagRunStatus status) => Failure?.Message ?? status switch
    {
        DagRunStatus.Paused => Session.PauseReason,
        DagRunStatus.Completed => FirstError,
        _ => null,
    };

    /// <summary>The outputs of the sinks that are done, in the order of the nodes.</summary>
    public System.Collections.Specialized.OrderedDictionary SinkOutputs() => _outputs.OfSinks(Session);

    /// <summary>How the nodes ended, once the run has.</summary>
    public IReadOnlyList<NodeResult> Results() =>
        Dag.Nodes.Select(node => _results[node.Index]
            ?? new NodeResult(node.Label, node.Kind, Left(State[node.Index]), _attempts[node.Index], null, null, null)).ToArray();

    // A node that a fault took the end of.
    private static NodeStatus Left(NodeStatus status) => status == NodeStatus.Running ? NodeStatus.Cancelled : status;

    // Adds a node to what is ready; it runs when there is a slot.
    private void Launch(int index)
    {
        if (!MayStart)
            return;
        var node = Dag.Nodes[index];
        State.Start(index);
        _outstanding++;
        if (node.SubDags is null)
        {
            EnqueueLeaf(new LeafExecution(this, node));
            return;
        }

        if (_unfinished is null || !_unfinished.Remove(index, out var composite))
            composite = new CompositeExecution(this, node);
        _composites.Add(composite);
        composite.Begin();
    }

    private void Advance(int node, NodeOutput output)
    {
        _outputs.Add(node, output, isWanted: Dag.Nodes[node].IsSink && Parent is null, mayDropValue: Session.Provenance.KeepsRuns);
        foreach (var ready in State.Complete(node))
            Launch(ready);
    }

    private bool Stop(CompiledNode node, NodeStatus status, NodeFailure? failure)
    {
        State.Stop(node.Index, status);
        if (status != NodeStatus.Failed)
            return false;
        if (Failure is null)
            (Failure, FailedNode) = (failure, node.Label);
        if (!Session.Options.ContinueOnFailure)
            return true;
        if (State.MarkDownstream(node.Index) is { Count: > 0 } marked)
            Session.Defer(() => marked.ForEach(downstream => RecordUpstreamFailed(Dag.Nodes[downstream], node.Label)));
        return false;
    }

    private void RecordUpstreamFailed(CompiledNode node, string cause)
    {
        var now = Session.Now();
        var attempt = NextAttempt(node.Index);
        var error = $"Not run: its upstream '{cause}' failed.";
        var handle = Session.Provenance.StartNode(Handle, new NodeStart(node.Index, attempt, now, null));
        Session.Provenance.EndNode(handle, new NodeEnd(NodeStatus.UpstreamFailed, now, Error: error));
        lock (Session.Lock)
            Note(node.Index, new(node.Label, node.Kind, NodeStatus.UpstreamFailed, attempt, now, now, error));
        Session.Observer?.NodeEnded(Handle.RunId, node.Label, NodeStatus.UpstreamFailed);
    }

    private void TryEnd()
    {
        if (!HasBegun || HasEnded || _isHeld || _outstanding > 0)
            return;
        var status = EndStatus();
        if (status == DagRunStatus.Failed && Session.Fault is null)
            (Failure, FailedNode) = (Failure ?? TimedOut(), FailedNode ?? State.FirstOpen().Label);
        _isHeld = status == DagRunStatus.Failed && Parent is { } parent && parent.TriesAgain(this);
        if (!_isHeld)
            End(status);
    }

    private void End(DagRunStatus status)
    {
        HasEnded = true;
        _deadline?.Dispose();
        Session.Defer(() => Close(status));
    }

    // Whatever goes wrong here, who waits for the end of the run hears of it.
    private void Close(DagRunStatus status)
    {
        try
        {
            if (Session.Provenance.KeepsRuns && Session.Fault is null)
                _outputs.LookAgain(this);
            // First who watches, as an observer that throws decides how the root run ends.
            Session.Observer?.RunEnded(Handle.RunId, status);
            if (Parent is null && Session.Fault is not null)
                status = DagRunStatus.Failed;
            Waiting.Withdraw();
            Session.Provenance.EndRun(Handle, EndOf(status));
        }
        catch (Exception error)
        {
            Session.Fail(error);
        }

        Ended?.Invoke(status);
        Parent?.ElementEnded(this, status);
    }

    private RunEnd EndOf(DagRunStatus status) => Parent is null && Session.Fault is { } fault
        ? new(DagRunStatus.Failed, Session.Now(), null, $"{nameof(DagErrorId.DagEngineFault)}: {fault.Message}\n{fault.Detail}")
        {
            Errors = Errors,
        }
        : new(status, Session.Now(), FailedNode, Said(status)) { Errors = Errors };

    private void NoteErrors(int node, NodeResult result) =>
        _errors.Set(node, result.Errors, result.Errors.All == 0 ? null : $"{result.Label}: {result.Error}");

    private DagRunStatus EndStatus()
    {
        if (Parent is null && Session.Fault is not null)
            return DagRunStatus.Failed;
        if (State.IsComplete)
            return DagRunStatus.Completed;
        if (Session.IsCancelled)
            return DagRunStatus.Cancelled;
        if (HasFailed || HasTimedOut)
            return DagRunStatus.Failed;
        // A sub-run that stops because something beside it failed was in flight and was stopped.
        return Session.IsPausing ? DagRunStatus.Paused : DagRunStatus.Cancelled;
    }

    private static HostSpec? OwnHost(CompiledNode node) => node.Settings.Hosts is { Fixed: [var first, ..] } ? first : null;

    private void ResetDeadline()
    {
        if (TimeLimit is not { } limit)
            return;
        _deadline?.Dispose();
        _deadline = new Deadline(this, limit, Parent!.Run.Token);
    }

    private NodeFailure TimedOut() => LeafAttempt.TimedOut($"It timed out after {TimeLimit}.", State.FirstOpen().Declaration.Code);
}
