using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>The part of a node whose code runs on a host: its place, and how often it lost its host.</summary>
internal sealed class HostedLeaf(RunExecution run, LeafExecution leaf)
{
    private const int MostLosses = 3;

    private readonly RunSession _session = run.Session;
    private readonly CompiledNode _node = leaf.Node;
    private readonly List<string> _lost = [];
    private HostPlace? _place;
    private HostWait? _wait;
    private bool _holdsPlace;
    private TimeSpan? _took;

    /// <summary>Its place among the requests that are ready.</summary>
    public OrderKey Order { get; } = run.Order.Then(leaf.Node.Index);

    /// <summary>Whether an attempt may start.</summary>
    public bool MayStart => run.Limits.MayStartNode(_node);

    /// <summary>The place of the attempt in flight; <see langword="null"/> if no host is left.</summary>
    public HostPlace? Place => _place;

    /// <summary>The host of the attempt in flight; <see langword="null"/> if none is left.</summary>
    public HostSpec? Host { get; private set; }

    /// <summary>The object that stands for the slots of that host.</summary>
    public FarmHost? Slots { get; private set; }

    /// <summary>
    /// Whether the next attempt is sent alone: the one before was lost with its host, and may lose another, with all that is sent with it.
    /// </summary>
    public bool GoesAlone { get; private set; }

    /// <summary>Adds an attempt to the queue for a host. Under the lock.</summary>
    public void Enqueue()
    {
        if (_node.Settings.Hosts is not { } own)
            _place = run.Place;
        else if (own.Chooser is null)
            _place ??= PlaceAmong(own.Fixed);
        if (_place is not null)
            Await(_place);
        else
            _session.Enqueue(new SlotRequest(run, _node, Order, () => _session.Background.Begin(ChooseAsync), Withdraw));
    }

    /// <summary>Takes a slot of a host; call <see cref="Start"/> afterwards. Under the lock.</summary>
    public void Accept(FarmHost host)
    {
        (Slots, Host) = (host, host.Spec);
        _holdsPlace = true;
    }

    /// <summary>Starts an attempt; a slot of the host is held. Returns soon.</summary>
    public void Start()
    {
        Wait(_place!);
        leaf.StartOnHost();
    }

    /// <summary>Withdraws the request, because its run starts no more nodes. Under the lock.</summary>
    public void Withdraw()
    {
        _wait?.Cancel();
        _wait = null;
        leaf.Withdraw();
    }

    /// <summary>Ends the attempt, because no host is left. Under the lock.</summary>
    public void Fail(string reasons) => Fail(
        new NodeFailure($"No host is left for node '{_node.Label}': {reasons}") { ErrorId = DagErrorId.DagHostUnreachable },
        mayRetry: false);

    /// <summary>Notes that the host is connected to and the call is sent. Outside of the lock.</summary>
    public void Connected()
    {
        EndWait();
        lock (_session.Lock)
            _place!.Open();
    }

    /// <summary>Notes that its code takes long: what waits to share its slot goes elsewhere. Outside of the lock.</summary>
    public void NoteLong()
    {
        lock (_session.Lock)
        {
            if (_holdsPlace)
                _place!.NoteLong();
        }
    }

    /// <summary>
    /// Takes back an attempt that does not end the node: it never began, or its host was lost and another host takes the call. Outside of
    /// the lock.
    /// </summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="outcome">How it ended. An unreachable host becomes a failure if no other host takes the call.</param>
    /// <returns>Whether it was taken back: the node goes on, or is withdrawn.</returns>
    public bool TakesBack(LeafAttempt attempt, ref NodeOutcome outcome)
    {
        EndWaitUnless(outcome.Kind == NodeOutcomeKind.Unreachable && !attempt.HasBegun);
        _took = attempt.CodeTime;
        if (attempt is { IsStopped: true, MayHaveBegun: false })
        {
            attempt.PutBack();
            Stop();
            return true;
        }

        if (attempt.IsReturned)
        {
            Return(attempt, outcome);
            return true;
        }

        if (outcome.Kind != NodeOutcomeKind.Unreachable)
            return false;
        var failure = outcome.Failure!;
        var hasBegun = attempt.HasBegun || outcome.HasBegun;
        outcome = NodeOutcome.Failed(failure);
        if (!hasBegun)
            return IsRefused(failure);
        if (_place!.Farm.HasOthers)
        {
            _lost.Add(Host!.Name);
            GoesAlone = true;
            if (_lost.Count < MostLosses)
            {
                attempt.Record(ref outcome);
                var result = attempt.Result(outcome);
                GoOn(() => run.Tally.Note(_node.Index, result), _place.Lose);
                return true;
            }

            outcome = NodeOutcome.Failed(Poison(failure));
        }

        Drop(_place.Lose);
        return false;
    }

    /// <summary>The attempt has ended, and that is posted. Outside of the lock; <see cref="RunSession.Dispatch"/> follows.</summary>
    public void Release()
    {
        if (_holdsPlace)
            Drop(EndPlace);
        // Another attempt is another call: it may choose another host, and lose three.
        _lost.Clear();
        GoesAlone = false;
        if (_node.Settings.Hosts is { Chooser: not null })
            _place = null;
    }

    // A node that waits for a slot is shown as waiting, and so is one that has a slot and waits for its connection.
    private void Await(HostPlace place)
    {
        place.Enqueue(this);
        if (!_holdsPlace)
            Wait(place);
    }

    private void Wait(HostPlace place) => _wait ??= new HostWait(run, _node.Index, leaf.UpcomingAttempt, place.Farm);

    private void EndPlace()
    {
        if (_took is { } took)
            Slots!.Measure(took);
        _took = null;
        _place!.Ended();
    }

    // An attempt never gets the number of another attempt whose code may have run.
    private void Return(LeafAttempt attempt, NodeOutcome outcome)
    {
        Action leave = outcome.Kind == NodeOutcomeKind.Unreachable ? _place!.Lose : _place!.Return;
        if (!attempt.MayHaveBegun)
        {
            attempt.PutBack();
            GoOn(() => run.Tally.ReturnAttempt(_node.Index), leave);
            return;
        }

        GoesAlone = outcome.Kind == NodeOutcomeKind.Unreachable;
        outcome = NodeOutcome.Failed(outcome.Failure!);
        attempt.Record(ref outcome);
        var result = attempt.Result(outcome);
        GoOn(() => run.Tally.Note(_node.Index, result), leave);
    }

    private bool IsRefused(NodeFailure failure)
    {
        if (!_place!.Farm.IsSole)
        {
            var wait = _wait;
            GoOn(() => run.Tally.ReturnAttempt(_node.Index), () => _place.Refuse(failure.Message));
            wait?.ShowAgain();
            return true;
        }

        Drop(() => _place.Refuse(failure.Message));
        EndWait();
        return false;
    }

    // An attempt that was told to stop before it began does not count.
    private void Stop()
    {
        lock (_session.Lock)
        {
            run.Tally.ReturnAttempt(_node.Index);
            _holdsPlace = false;
            _place!.Ended();
            Withdraw();
        }

        _session.Dispatch();
    }

    private void GoOn(Action note, Action leave)
    {
        lock (_session.Lock)
        {
            note();
            _holdsPlace = false;
            Host = null;
            leave();
            if (MayStart)
                Await(_place!);
            else
                Withdraw();
        }

        _session.Dispatch();
    }

    private void Drop(Action leave)
    {
        lock (_session.Lock)
        {
            _holdsPlace = false;
            leave();
        }
    }

    private NodeFailure Poison(NodeFailure last)
    {
        var text = $"The node '{_node.Label}' failed because its host was lost three times: {LabelList.Join(_lost)}. {last.Message}";
        return last with { Message = text, Detail = last.Detail is null ? null : $"{text}\n{last.Detail}" };
    }

    private void EndWaitUnless(bool goesOn)
    {
        if (!goesOn)
            EndWait();
    }

    /// <summary>Ends its wait for a host. Outside of the lock.</summary>
    public void EndWait()
    {
        _wait?.End();
        _wait = null;
    }

    private async Task ChooseAsync()
    {
        var (hosts, failure) = await HostNames.AskAsync(run, _node).ConfigureAwait(false);
        _session.Release();
        lock (_session.Lock)
        {
            if (hosts is not null)
                EnqueueAmong(hosts);
            else if (failure is not null)
                Fail(failure, mayRetry: true);
            else
                Withdraw();
        }

        _session.Dispatch();
    }

    private void EnqueueAmong(IReadOnlyList<HostSpec> hosts)
    {
        _place = PlaceAmong(hosts);
        Await(_place);
    }

    private void Fail(NodeFailure failure, bool mayRetry)
    {
        Host = null;
        _session.Background.Start(() =>
        {
            EndWait();
            return leaf.FailAsync(failure, mayRetry);
        });
    }

    private HostPlace PlaceAmong(IReadOnlyList<HostSpec> hosts) => new(_session, _session.Hosts.Find(_node, hosts), Order, isKept: false);
}
