using System.Collections.Specialized;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// One run or sub-run in flight: which of its nodes start, and how it ends. Its state changes under the session's lock; what follows from a
/// change is deferred until the lock is free.
/// </summary>
internal sealed class RunExecution
{
    private readonly RunOutputs _outputs;
    private readonly RunEnding _ending;
    private RunComposites? _composites;
    private readonly ClosingNodes? _closing;
    private HashSet<int>? _again;
    private int _outstanding;
    private readonly bool _isSharedAbove;

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
        Place = parent?.Run.Place;
        Tally = new NodeTally(dag, keepsResults: parent is null);
        _ending = new RunEnding(this, _outputs);
        KeepsUnfinished = parent is not null && (parent.Node.Settings.Retry.Count > 0 || parent.Run.KeepsUnfinished);
        Limits = new RunLimits(this);
        _closing = dag.HasClosing ? new ClosingNodes(this) : null;
    }

    public RunSession Session { get; }

    public CompiledDag Dag { get; }

    public RunHandle Handle { get; private set; }

    public string Path { get; }

    public OrderKey Order { get; }

    /// <summary>The composite node that this is a sub-run of, or <see langword="null"/>.</summary>
    public CompositeExecution? Parent { get; }

    /// <summary>Whether code of the run has begun in this process.</summary>
    public bool HasStarted { get; set; }

    public RunState State { get; }

    /// <summary>How often its nodes were tried, how they ended, and which of their conditions are met.</summary>
    public NodeTally Tally { get; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>
    /// The stored run that this goes on with, so that its composite nodes find their sub-runs; or <see langword="null"/>.
    /// </summary>
    public StoredRun? Resumed { get; set; }

    /// <summary>The element that the source of a sub-run gets.</summary>
    public MapElement? Element { get; init; }

    /// <summary>The nodes that a replay was told to run; or <see langword="null"/>.</summary>
    public IReadOnlySet<int>? Named { get; set; }

    /// <summary>The record by which others find the output of this sub-run; <see langword="null"/> if it may not be reused.</summary>
    public SubRunReuse? Reuse { get; init; }

    public NodeFailure? Failure => _ending.Failure;

    public string? FailedNode => _ending.FailedNode;

    public bool HasFailed => Failure is not null;

    /// <summary>
    /// The errors that its nodes wrote without failing, and their elements that failed. Under the lock, or when it has ended.
    /// </summary>
    public ErrorCounts Errors => Tally.Errors;

    /// <summary>The first of them, with its node's label; or <see langword="null"/>.</summary>
    public string? FirstError => Tally.FirstError;

    /// <summary>The nodes whose next attempt waits.</summary>
    public WaitingNodes Waiting { get; }

    /// <summary>Whether its nodes have been told that they may start. Before that nothing ends it.</summary>
    public bool HasBegun { get; private set; }

    public bool HasEnded => _ending.HasEnded;

    /// <summary>Decides whether its nodes may start, and stops those in flight.</summary>
    public RunLimits Limits { get; }

    /// <summary>How often this sub-run was tried again. Under the lock.</summary>
    public int Retries { get; set; }

    /// <summary>Whether what did not complete in this run is kept, because an attempt may follow that goes on with it.</summary>
    public bool KeepsUnfinished { get; }

    /// <summary>Whether nodes of this run may start that are no closing nodes. Under the lock.</summary>
    public bool MayStart => Limits.MayStart;

    /// <summary>Called outside of the lock when a root run has ended.</summary>
    public Action<DagRunStatus>? Ended { get; init; }

    /// <summary>The host of its scriptblocks whose nodes name no host of their own; <see langword="null"/> for this process.</summary>
    public HostPlace? Place { get; set; }

    /// <summary>Tells the observers that the run goes on, before they are told of any of its nodes. Outside of the lock.</summary>
    public void Announce()
    {
        if (Trace is null or { HasEnded: true })
            Trace = RunTrace.Begin(this);
        Session.Observer?.RunStarted(Handle.RunId, Path, Dag.Nodes.Length, Parent?.Run.Handle.RunId);
    }

    /// <summary>Its telemetry; <see langword="null"/> if nobody listens to this process.</summary>
    public RunTrace? Trace { get; private set; }

    /// <summary>Takes over a node that was done before; one that was omitted has no output. Only before <see cref="Begin"/>.</summary>
    public void Restore(int node, NodeStatus status, NodeOutput? output, int attempt, NodeResult result, int idle = 0)
    {
        State.Restore(node, status);
        _outputs.Restore(node, output);
        Tally.Restore(node, attempt, result, isDone: true, idle);
    }

    /// <summary>Says how often a node was tried before, and how the latest attempt ended. Only before <see cref="Begin"/>.</summary>
    public void RestoreAttempts(int node, int attempts, NodeResult latest, int idle) =>
        Tally.Restore(node, attempts, latest, isDone: false, idle);

    /// <summary>What a replay takes over of the elements of maps that it runs again, or <see langword="null"/>.</summary>
    public FailedElements? TakenElements { get; set; }

    /// <summary>Omits the nodes that the targets of the run do not need. Only before <see cref="Begin"/>.</summary>
    public void LeaveOut()
    {
        foreach (var node in Dag.Nodes)
        {
            if (!node.IsLeftOut || State[node.Index] != NodeStatus.Pending)
                continue;
            this.Record(node, NodeStatus.Omitted, "Not run: the targets of the run do not need it.");
            State.Restore(node.Index, NodeStatus.Omitted);
            _outputs.Restore(node.Index, null);
        }
    }

    /// <summary>
    /// Says that a closing node was done before and runs again, with nothing of its earlier attempt. Only before <see cref="Begin"/>.
    /// </summary>
    public void RunAgain(int node, int attempts, NodeResult latest, int idle)
    {
        RestoreAttempts(node, attempts, latest, idle);
        (_again ??= []).Add(node);
    }

    /// <summary>The stored run whose sub-runs of a composite node go on, or <see langword="null"/>.</summary>
    public StoredRun? ResumedFor(CompiledNode node) => _again is { } again && again.Contains(node.Index) ? null : Resumed;

    /// <summary>
    /// Continues, in the store, a sub-run that did not complete, because its composite node is tried again; <see cref="Begin"/> follows.
    /// Outside of the lock: nothing else knows of a run that has ended.
    /// </summary>
    public void Reopen()
    {
        if (Session.Provenance.FindRun(Handle.RunId) is { } stored)
            Handle = Session.Provenance.ResumeRun(stored, Parent!.Run.Handle, ChangedNodes.DefinitionOf(Dag, stored, Session.Provenance));
        Retries = 0;
        Announce();
    }

    /// <summary>
    /// Starts what can start: for the first time, or again from the nodes that are not done. If no node may start, the run ends in the way
    /// that stopped it. Under the lock.
    /// </summary>
    public void Begin()
    {
        if (HasBegun)
        {
            _ending.Reset();
            _closing?.Reset();
            State.Reopen().ForEach(_outputs.Forget);
            Limits.Reset();
        }

        HasBegun = true;
        Launch(State.Begin());
        TryEnd();
    }

    /// <summary>Ends a sub-run that failed and is not tried again after all. Under the lock.</summary>
    /// <param name="failure">Why it failed.</param>
    public void GiveUp(NodeFailure failure) => _ending.GiveUp(failure);

    /// <summary>
    /// After a fault, when nothing is under way: ends the nodes and sub-runs that would otherwise wait for ever. It ends the innermost
    /// first, so that those around it can end by themselves. Under the lock.
    /// </summary>
    /// <returns>Whether there was anything to end.</returns>
    public bool Abandon()
    {
        var inside = _composites?.Abandon() == true;
        if (inside || HasEnded)
            return inside;
        _ending.End(Parent is null ? DagRunStatus.Failed : DagRunStatus.Cancelled);
        return true;
    }

    /// <summary>Whether a node has given an output: one that was omitted has not.</summary>
    public bool HasOutput(int node) => _outputs.Has(node);

    public NodeOutput Output(int node) => _outputs[node];

    /// <summary>Whether objects in a node's output may be in the hands of other nodes than those that take it.</summary>
    public bool IsShared(CompiledNode node) => _isSharedAbove || node.IsShared;

    /// <summary>Gives up the outputs of a node's upstreams, because the node is done. Outside of the lock.</summary>
    /// <param name="node">The node.</param>
    /// <param name="warnings">Gets the warnings about the outputs.</param>
    public void Release(CompiledNode node, ValueWarnings warnings)
    {
        if (Session.Provenance.KeepsRuns)
            _outputs.Release(node, Session, warnings);
    }

    /// <summary>Whether the code of a node runs on a host.</summary>
    public bool IsHosted(CompiledNode node) => (Place is not null || node.Settings.Hosts is not null) && !node.RunsHere;

    /// <summary>Notes that a node will not start, or not start again. Under the lock.</summary>
    public void Withdraw(int node)
    {
        State.Withdraw(node);
        _outstanding--;
        _closing?.Withdrawn(Dag.Nodes[node]);
        TryEnd();
    }

    /// <summary>Ends a node, whose end is posted to the store. Outside of the lock.</summary>
    /// <param name="node">The node.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="output">Its output, if it completed.</param>
    /// <param name="failure">Why it failed.</param>
    /// <param name="result">The result of the node for a run without a store.</param>
    /// <param name="holdsSlot">Whether it still has its slot, which is then given back.</param>
    public void NodeEnded(
        CompiledNode node, NodeStatus status, NodeOutput? output, NodeFailure? failure, NodeResult result, bool holdsSlot = false)
    {
        // Before any consequence: observers are told of the end of a run after the ends of its nodes.
        Session.Observer?.NodeEnded(Handle.RunId, node.Label, status);
        RunLog.Ended(this, result);
        Trace?.EndNode(node, status, failure, result);
        var halted = false;
        lock (Session.Lock)
        {
            _outstanding--;
            if (holdsSlot)
                Session.Release();
            Tally.Note(node.Index, result);
            if (RunState.IsDone(status))
                Advance(node, status, output);
            else
                halted = Stop(node, status, failure);
            TryEnd();
        }

        if (halted)
            Session.Halt();
        Session.Dispatch();
    }

    /// <summary>Removes a composite node that ended. Under the lock.</summary>
    public void Untrack(CompositeExecution composite, NodeStatus status) =>
        _composites!.Remove(composite, isKept: KeepsUnfinished && !RunState.IsDone(status));

    /// <summary>Looks again whether this run or a sub-run can end, after something said that no more nodes start. Under the lock.</summary>
    public void EndIfHalted()
    {
        _composites?.EndIfHalted();
        Limits.EndWaits();
        TryEnd();
    }

    /// <summary>The message of the whole run: its error, why it paused, or the first error that a completed node wrote.</summary>
    public string? Said(DagRunStatus status) => _ending.Said(status);

    /// <summary>The outputs of the sinks that are done, in the order of the nodes.</summary>
    public OrderedDictionary SinkOutputs() => _outputs.OfSinks(Session);

    /// <summary>How the nodes ended, once the run has.</summary>
    public IReadOnlyList<NodeResult> Results() => Tally.Results(State);

    /// <summary>Begins a composite node, or goes on with what an earlier attempt of the run left of it. Under the lock.</summary>
    /// <param name="node">The node.</param>
    /// <param name="attempt">The attempt that has begun already, as its condition was asked in it; or <see langword="null"/>.</param>
    public void BeginComposite(CompiledNode node, int? attempt = null) => (_composites ??= new RunComposites(this)).Begin(node, attempt);

    /// <summary>Starts a node. It runs when there is a slot. Under the lock.</summary>
    public void Launch(CompiledNode node)
    {
        State.Start(node.Index);
        if (Session.IsCancelled && Limits.IsInline(node))
        {
            this.Refuse(node, "Not run: after a cancellation the caller's thread is gone, and with it inline nodes.");
            return;
        }

        _outstanding++;
        if (node.Kind == NodeKind.Input)
            Session.Defer(new FeedNode(this, node, Session.Options.Feed!).Start);
        else if (node.Settings.If is not null && !Tally.IsConditionMet(node.Index))
            new Condition(this, node).Enqueue();
        else if (node.SubDags is null)
            new LeafExecution(this, node).Enqueue();
        else
            BeginComposite(node);
    }

    /// <summary>Omits a node. Under the lock.</summary>
    /// <returns>The nodes that became ready, in order.</returns>
    public List<int> Omit(CompiledNode node, string cause)
    {
        Session.Defer(() => this.Record(node, NodeStatus.Omitted, cause));
        _outputs.Release(node.Index, Session.Provenance.KeepsRuns);
        return State.Complete(node.Index, NodeStatus.Omitted);
    }

    /// <summary>How the upstreams of a closing node ended, by label. Outside of the lock.</summary>
    public OrderedDictionary UpstreamsOf(CompiledNode node) => _closing!.UpstreamsOf(node);

    // Adds nodes to those that are ready, in order. A node that cannot run because upstreams were omitted is omitted at once.
    private void Launch(List<int> ready)
    {
        for (var next = 0; next < ready.Count; next++)
        {
            var index = ready[next];
            var node = Dag.Nodes[index];
            if (node.IsClosing)
                _closing!.Add(index);
            else if (!MayStart)
                continue;
            else if (Omission.Cause(Dag, node, State) is { } cause)
                ready.AddRange(Omit(node, cause));
            else
                Launch(node);
        }
    }

    private void Advance(CompiledNode node, NodeStatus status, NodeOutput? output)
    {
        if (output is null)
            _outputs.Release(node.Index, Session.Provenance.KeepsRuns);
        else
            _outputs.Add(node.Index, output, isWanted: node.IsSink && Parent is null, mayDropValue: Session.Provenance.KeepsRuns);
        Launch(State.Complete(node.Index, status));
    }

    private bool Stop(CompiledNode node, NodeStatus status, NodeFailure? failure)
    {
        State.Stop(node.Index, status);
        // A paused node goes on with the run, and has not ended.
        if (status != NodeStatus.Paused)
            _closing?.Ended(node, failure);
        if (status != NodeStatus.Failed)
            return false;
        _ending.Fail(node, failure);
        if (node.IsClosing)
            return false;
        if (!Session.Options.ContinueOnFailure)
            return true;
        if (State.MarkDownstream(node.Index) is not { Count: > 0 } marked)
            return false;
        Session.Defer(() => marked.ForEach(
            downstream => this.Record(Dag.Nodes[downstream], NodeStatus.UpstreamFailed, $"Not run: its upstream '{node.Label}' failed.")));
        if (_closing is not null)
            marked.ForEach(downstream => _closing.Ended(Dag.Nodes[downstream], null));
        return false;
    }

    private void TryEnd()
    {
        if (!HasBegun || _ending.IsOver)
            return;
        _closing?.Launch();
        if (_outstanding == 0)
            _ending.TryEnd();
    }
}
