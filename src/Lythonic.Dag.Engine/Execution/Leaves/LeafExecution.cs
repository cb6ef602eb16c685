using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>A node that runs code, from its first attempt to its last.</summary>
/// <param name="run">Its run.</param>
/// <param name="node">The node.</param>
/// <param name="begun">
/// The number of the attempt in which the node's condition was asked, and which goes on; or <see langword="null"/>.
/// </param>
/// <param name="retries">How often the condition was asked again. These attempts count as retries of the node.</param>
internal sealed class LeafExecution(RunExecution run, CompiledNode node, int? begun = null, int retries = 0) : ISlotRequest
{
    private const int BacklogLimit = 4_096;

    private readonly RunSession _session = run.Session;
    private HostedLeaf? _hosted;
    private LeafLocks? _locks;
    private int? _begun = begun;
    private int _retries = retries;

    public CompiledNode Node => node;

    /// <inheritdoc/>
    public OrderKey Order { get; } = run.Order.Then(node.Index);

    /// <inheritdoc/>
    public bool MayStart => run.Limits.MayStartNode(node);

    /// <summary>The number that the next attempt has.</summary>
    public int UpcomingAttempt => _begun ?? run.Tally.Attempts(node.Index) + 1;

    /// <summary>Makes an attempt ready, once it has its locks. Under the lock.</summary>
    public void Enqueue()
    {
        if (NeedsLocks)
            (_locks ??= new LeafLocks(run, this)).Take();
        else if (run.IsHosted(node))
            (_hosted ??= new HostedLeaf(run, this)).Enqueue();
        else
            _session.Enqueue(this);
    }

    /// <summary>An attempt does not start, because its run starts no more nodes. Under the lock.</summary>
    public void Withdraw()
    {
        _locks?.ReleaseSoon();
        run.Withdraw(node.Index);
    }

    /// <summary>An attempt fails, because its locks cannot be taken. Under the lock.</summary>
    public void EnqueueFailure(NodeFailure failure)
    {
        void Fail() => _session.Background.Start(() => FailAsync(failure, mayRetry: true));
        if (_hosted is not null)
            Fail();
        else
            _session.Enqueue(new SlotRequest(run, node, Order, Fail, Withdraw));
    }

    /// <summary>Starts an attempt; a slot is held. Returns soon.</summary>
    public void Start()
    {
        run.Limits.StartClocks();
        StartOnHost();
    }

    /// <summary>Starts an attempt on a host, of which a slot is held. Returns soon.</summary>
    public void StartOnHost() => _session.Background.Begin(static leaf => leaf.RunAsync(), this);

    /// <summary>Ends an attempt that never reached a host.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="mayRetry">Whether another attempt may follow.</param>
    public async Task FailAsync(NodeFailure failure, bool mayRetry)
    {
        using var attempt = Begin(null);
        await EndAsync(attempt, NodeOutcome.Failed(failure), mayRetry).ConfigureAwait(false);
    }

    /// <summary>Whether an attempt has locks to take before it can be enqueued.</summary>
    public bool NeedsLocks => node.Settings.Locks is not null && _locks is not { IsHeld: true };

    private LeafAttempt Begin(LeafReuse? reuse)
    {
        var attempt = new LeafAttempt(run, node, _begun ?? run.Tally.NextAttempt(node.Index), _hosted, reuse);
        _begun = null;
        return attempt;
    }

    private async Task RunAsync()
    {
        var reuse = node.Settings.Reuse ? LeafReuse.Compare(run, node, ReuseHost.NameOf(_hosted?.Place), out _) : null;
        if (reuse is { Found: not null })
        {
            await TakeOverAsync(reuse).ConfigureAwait(false);
            return;
        }

        using var attempt = Begin(reuse);
        NodeOutcome outcome;
        try
        {
            outcome = await attempt.InvokeAsync().ConfigureAwait(false);
            if (!_session.Invoker.EndsOnOwnThread)
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
        catch (Exception error)
        {
            outcome = attempt.OutcomeOf(error);
        }

        outcome = attempt.End(outcome);
        if (_hosted is null || !_hosted.TakesBack(attempt, ref outcome))
            await EndAsync(attempt, outcome, mayRetry: true).ConfigureAwait(false);
    }

    // In most cases it waits for nothing, and then makes no object of its own.
    private async ValueTask EndAsync(LeafAttempt attempt, NodeOutcome outcome, bool mayRetry)
    {
        outcome = run.Judge(node, outcome);
        var retry = false;
        if (mayRetry && outcome.Kind == NodeOutcomeKind.Failed)
            (retry, outcome) = await RetryDecision.DecideAsync(run, node, _retries, outcome).ConfigureAwait(false);
        var output = attempt.Record(ref outcome);
        retry = retry && outcome.Kind == NodeOutcomeKind.Failed;
        var holdsSlot = _session.IsSequential && !retry && _hosted is null;
        await GiveBackAsync(holdsSlot).ConfigureAwait(false);
        if (retry)
        {
            await RetryDelay.TryAgainAsync(run, node, _retries++, attempt.Result(outcome), Enqueue).ConfigureAwait(false);
            return;
        }

        if (outcome.Kind == NodeOutcomeKind.Completed)
            outcome = await MakeDurableAsync(outcome).ConfigureAwait(false);
        if (outcome.Kind == NodeOutcomeKind.Paused)
            _session.Pause(outcome.PauseReason);
        run.NodeEnded(node, LeafAttempt.StatusOf(outcome.Kind), output, outcome.Failure, attempt.Result(outcome), holdsSlot);
    }

    private async Task TakeOverAsync(LeafReuse reuse)
    {
        _hosted?.EndWait();
        var (output, result) = reuse.Skip(_begun ?? run.Tally.NextAttempt(node.Index));
        var holdsSlot = _session.IsSequential && _hosted is null;
        await GiveBackAsync(holdsSlot).ConfigureAwait(false);
        var failure = (await MakeDurableAsync(NodeOutcome.Completed(null)).ConfigureAwait(false)).Failure;
        run.NodeEnded(
            node, failure is null ? NodeStatus.Skipped : NodeStatus.Failed, failure is null ? output : null, failure, result, holdsSlot);
    }

    // Gives back what an attempt holds: its locks, and then its slot, unless it keeps that for the next node.
    private async ValueTask GiveBackAsync(bool keepsSlot)
    {
        if (_locks is not null)
            await _locks.GiveBackAsync().ConfigureAwait(false);
        if (_hosted is not null)
            _hosted.Release();
        else if (!keepsSlot)
            _session.Release();
    }

    // What is downstream starts only when the completion is durable. A sink has nothing downstream in its run: what follows it, the end of
    // the run or of the composite node around it, is written after it in the same order, and waits.
    private async ValueTask<NodeOutcome> MakeDurableAsync(NodeOutcome outcome)
    {
        _session.Dispatch();
        if (node.Downstreams.Length == 0 && !_session.CommitsForOthers && _session.Provenance.Backlog < BacklogLimit)
            return outcome;
        try
        {
            await _session.FlushAsync().ConfigureAwait(false);
            return outcome;
        }
        catch (DagException error)
        {
            return NodeOutcome.Failed(NodeFailure.From(error));
        }
    }
}
