using System.Collections.Specialized;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>One run or sub-run in flight. Its state changes under the session's lock.</summary>
internal sealed partial class RunExecution
{
    private readonly OutputSlot?[] _outputs;
    private readonly int[] _attempts;
    private readonly int[] _consumers;
    private readonly NodeResult?[] _results;
    private readonly List<CompositeExecution> _composites = [];
    private Dictionary<int, CompositeExecution>? _unfinished;
    private readonly KeptValues _kept = new();
    private int _outstanding;
    private ErrorSum _errors;
    private Dictionary<int, NodeRunHandle>? _waiting;
    private bool _isHeld;
    private bool _ended;

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
        _outputs = new OutputSlot?[dag.Nodes.Length];
        _attempts = new int[dag.Nodes.Length];
        _consumers = [.. dag.Nodes.Select(node => node.Downstreams.Length)];
        _results = parent is null ? new NodeResult?[dag.Nodes.Length] : [];
        KeepsUnfinished = parent is not null && (parent.Node.Node.Settings.Retry.Count > 0 || parent.Run.KeepsUnfinished);
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

    /// <summary>The stored run that this goes on with, so that its composite nodes find their sub-runs; or <see langword="null"/>.</summary>
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

    /// <summary>Whether nodes of this run may start: not when it, or a run that it is in, pauses, has failed or is cancelled.</summary>
    public bool MayStart =>
        !Session.IsPausing && !Session.IsCancelled && !HasTimedOut && (!HasFailed || Session.Options.ContinueOnFailure)
        && (Parent is null || Parent.Run.MayStart);

    /// <summary>Called outside of the lock when a root run has ended.</summary>
    public Action<DagRunStatus>? Ended { get; init; }

    /// <summary>Takes over a node that was done before. Only before <see cref="Begin"/>.</summary>
    public void Restore(int node, NodeStatus status, OutputSlot output, int attempt, NodeResult result)
    {
        State.Restore(node, status);
        _outputs[node] = output;
        _attempts[node] = attempt;
        foreach (var upstream in Dag.Nodes[node].Upstreams)
            _consumers[upstream]--;
        Note(node, result);
    }

    /// <summary>Says how often a node was tried before, and how the latest attempt ended. Only before <see cref="Begin"/>.</summary>
    public void RestoreAttempts(int node, int attempts, NodeResult latest)
    {
        _attempts[node] = attempts;
        NoteErrors(node, latest);
    }

    /// <summary>Starts what can start. Under the lock.</summary>
    public void Begin()
    {
        Session.Observer?.RunStarted(Handle.RunId, Path, Dag.Nodes.Length, Parent?.Run.Handle.RunId);
        LaunchReady();
    }

    /// <summary>Notes how a node ended that is to be tried again. Under the lock.</summary>
    public void Note(int node, NodeResult result)
    {
        if (_results.Length > 0)
            _results[node] = result;
        NoteErrors(node, result);
    }

    public int NextAttempt(int node) => ++_attempts[node];

    public OutputSlot Output(int node) => _outputs[node]!;


    /// <summary>Adds a node to what is ready; it runs when there is a slot. Under the lock.</summary>
    public void Launch(int index)
    {
        if (!MayStart)
            return;
        var node = Dag.Nodes[index];
        State.Start(index);
        _outstanding++;
        if (node.SubDags is null)
            EnqueueLeaf(new LeafExecution(this, node));
        else if (_unfinished is not null && _unfinished.Remove(index, out var unfinished))
            StartComposite(unfinished);
        else
            StartComposite(new CompositeExecution(this, node));
    }

    /// <summary>Adds an attempt of a node that is in flight to what is ready. Under the lock.</summary>
    public void EnqueueLeaf(LeafExecution leaf) =>
        Session.Enqueue(new Ticket(this, Order.Then(leaf.Node.Index), leaf.Start, () => Withdraw(leaf.Node.Index)));

    /// <summary>A node that was to start, or to start again, does not. Under the lock.</summary>
    public void Withdraw(int node)
    {
        State.Withdraw(node);
        _outstanding--;
        TryEnd();
    }

    /// <summary>A node ended, and that is posted to the store. Outside of the lock.</summary>
    /// <param name="node">The node.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="output">What it gave, where it completed.</param>
    /// <param name="failure">Why it failed.</param>
    /// <param name="result">What a run without a store says of it.</param>
    /// <param name="holdsSlot">Whether it has its slot still, which is then given back.</param>
    public void NodeEnded(CompiledNode node, NodeStatus status, OutputSlot? output, NodeFailure? failure, NodeResult result, bool holdsSlot = false)
    {
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

        Session.Observer?.NodeEnded(Handle.RunId, node.Label, status);
        if (halted)
            Session.Halt();
        else
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
    public void NoticeHalt()
    {
        foreach (var composite in _composites.ToList())
            composite.NoticeHalt();
        if (_halt is not null && !MayStart)
            _ = _halt.CancelAsync();
        TryEnd();
    }

    /// <summary>The outputs of the sinks that are done, in the order of the nodes.</summary>
    public OrderedDictionary SinkOutputs()
    {
        var outputs = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var node in Dag.Nodes)
        {
            if (node.IsSink && _outputs[node.Index] is { } output)
                outputs[node.Label] = output.Read(Session);
        }

        return outputs;
    }

    /// <summary>How the nodes ended.</summary>
    public IReadOnlyList<NodeResult> Results() =>
        Dag.Nodes.Select(node => _results[node.Index]
            ?? new NodeResult(node.Label, node.Node.Kind, State[node.Index], _attempts[node.Index], null, null, null)).ToArray();

    private void StartComposite(CompositeExecution composite)
    {
        _composites.Add(composite);
        composite.Begin();
    }

    private void Advance(int node, OutputSlot output)
    {
        _outputs[node] = output;
        if (Dag.Nodes[node].IsSink && Parent is null)
            _kept.Keep(output);
        foreach (var upstream in Dag.Nodes[node].Upstreams)
        {
            // Nobody needs the live value any more: the last consumer is done.
            if (--_consumers[upstream] == 0 && Session.Provenance.KeepsRuns)
                _outputs[upstream]?.LetGo();
        }

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
        foreach (var downstream in State.MarkDownstream(node.Index))
            RecordUpstreamFailed(Dag.Nodes[downstream], node.Label);
        return false;
    }

    private void RecordUpstreamFailed(CompiledNode node, string cause)
    {
        var now = Session.Now();
        var attempt = NextAttempt(node.Index);
        var error = $"Not run: its upstream '{cause}' failed.";
        var handle = Session.Provenance.StartNode(Handle, new NodeStart(node.Index, attempt, now, null));
        Session.Provenance.EndNode(handle, new NodeEnd(NodeStatus.UpstreamFailed, now, Error: error));
        if (_results.Length > 0)
            _results[node.Index] = new(node.Label, node.Node.Kind, NodeStatus.UpstreamFailed, attempt, now, now, error);
        Session.Observer?.NodeEnded(Handle.RunId, node.Label, NodeStatus.UpstreamFailed);
    }

    private void LaunchReady()
    {
        foreach (var node in State.Begin().ToList())
            Launch(node);
        TryEnd();
    }

    private void TryEnd()
    {
        if (_ended || _isHeld || _outstanding > 0)
            return;
        var status = EndStatus();
        if (status == DagRunStatus.Failed)
            (Failure, FailedNode) = (Failure ?? TimedOut(), FailedNode ?? State.FirstOpen().Label);
        _isHeld = status == DagRunStatus.Failed && Parent is { } parent && parent.TriesAgain(this);
        if (!_isHeld)
            End(status);
    }

    private void End(DagRunStatus status)
    {
        _ended = true;
        _deadline?.Dispose();
        WithdrawWaiting();
        Session.Provenance.EndRun(Handle, new RunEnd(status, Session.Now(), FailedNode, Said(status)) { Errors = Errors });
        Session.Observer?.RunEnded(Handle.RunId, status);
        Parent?.ElementEnded(this, status);
        Ended?.Invoke(status);
    }

    /// <summary>What is said of the run as a whole: its error, why it paused, or the first error beside which it completed.</summary>
    public string? Said(DagRunStatus status) => Failure?.Message ?? status switch
    {
        DagRunStatus.Paused => Session.PauseReason,
        DagRunStatus.Completed => FirstError,
        _ => null,
    };

    private void NoteErrors(int node, NodeResult result) => _errors.Set(node, result.Errors, result.Errors.All == 0 ? null : $"{result.Label}: {result.Error}");

    private DagRunStatus EndStatus()
    {
        if (State.IsComplete)
            return DagRunStatus.Completed;
        if (Session.IsCancelled)
            return DagRunStatus.Cancelled;
        if (HasFailed || HasTimedOut)
            return DagRunStatus.Failed;
        // A sub-run that stops because something beside it failed was in flight and was stopped.
        return Session.IsPausing ? DagRunStatus.Paused : DagRunStatus.Cancelled;
    }
}
