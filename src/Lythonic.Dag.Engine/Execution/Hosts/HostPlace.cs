namespace Lythonic.Dag.Execution;

/// <summary>
/// The host that an element is on, with all its nodes at any depth, or one node with hosts of its own. One node runs there at a time, with
/// a slot that others may have until the next one runs; others wait here, in order. Under the session's lock.
/// </summary>
internal sealed class HostPlace : HostSeeker
{
    private readonly RunSession _session;
    private readonly bool _isKept;
    private readonly PriorityQueue<HostedLeaf, OrderKey> _ready = new();
    private bool _isWaiting;
    private bool _isBusy;
    private bool _hasRun;

    /// <param name="session">The session.</param>
    /// <param name="farm">The farm that the host belongs to.</param>
    /// <param name="order">Its place among those that wait for a host.</param>
    /// <param name="isKept">Whether the host is kept from one node to the next, until <see cref="Leave"/>.</param>
    public HostPlace(RunSession session, HostFarm farm, OrderKey order, bool isKept)
        : base(order)
    {
        _session = session;
        _isKept = isKept;
        Farm = farm;
    }

    /// <summary>The farm that the host belongs to.</summary>
    public HostFarm Farm { get; }

    /// <summary>Adds a node that is ready.</summary>
    public void Enqueue(HostedLeaf leaf)
    {
        _ready.Enqueue(leaf, leaf.Order);
        if (!_isBusy)
            Advance();
    }

    /// <summary>Notes that the node that runs is connected to the host.</summary>
    public void Open() => HostFarm.Open(Held!);

    /// <summary>Notes that the node that runs takes long, so that nobody waits to share its slot.</summary>
    public void NoteLong()
    {
        if (_isBusy && Held is not null)
            HostFarm.NoteLong(Held);
    }

    /// <summary>Notes that the node that ran has ended.</summary>
    public void Ended()
    {
        _isBusy = false;
        _hasRun = true;
        if (_isKept)
            EndCall();
        else
            Leave();
    }

    /// <summary>Notes that the host was lost while the node ran.</summary>
    public void Lose() => Drop(HostFarm.Lose);

    /// <summary>
    /// Notes that the node did not begin and will come again: on any host, unless another node of its element ran on this one.
    /// </summary>
    public void Return()
    {
        _isBusy = false;
        if (!_isKept || !_hasRun)
            Drop(HostFarm.Return);
        else
            EndCall();
    }

    /// <summary>Notes that the host could not be connected to.</summary>
    public void Refuse(string reason) => Drop(lease => Farm.Refuse(lease, reason, _session.Hosts.Now));

    /// <summary>Gives the host back.</summary>
    public void Leave()
    {
        if (Held is not null)
            Drop(HostFarm.Release);
    }

    /// <inheritdoc/>
    public override void Accept(HostLease lease)
    {
        if (Held is null)
            _hasRun = false;
        Held = lease;
        _isWaiting = false;
        StartNext();
    }

    /// <inheritdoc/>
    public override bool Purge()
    {
        foreach (var leaf in RemoveReady())
        {
            if (leaf.MayStart)
                _ready.Enqueue(leaf, leaf.Order);
            else
                leaf.Withdraw();
        }

        return _isWaiting = _ready.Count > 0;
    }

    /// <inheritdoc/>
    public override void Fail(string reasons)
    {
        _isWaiting = false;
        RemoveReady().ForEach(leaf => leaf.Fail(reasons));
    }

    // Its next node waits for a slot as those of others do.
    private void EndCall()
    {
        if (Held is { } lease)
        {
            HostFarm.EndCall(lease);
            Wait();
            _session.Hosts.Assign(lease.Host.Slots);
        }
        else
        {
            Advance();
        }
    }

    private void Drop(Action<HostLease> drop)
    {
        var slots = Held!.Host.Slots;
        drop(Held);
        Held = null;
        _isBusy = false;
        _session.Hosts.Assign(slots);
        _session.Hosts.Assign(Farm);
        Advance();
    }

    private void Advance()
    {
        if (Wait())
            _session.Hosts.Assign(Farm);
    }

    private bool Wait()
    {
        // A sub-run that has failed does not wait for a slot to end.
        while (!_isWaiting && _ready.TryPeek(out var leaf, out _) && !leaf.MayStart)
            _ready.Dequeue().Withdraw();
        if (_isWaiting || _ready.Count == 0)
            return false;
        Farm.Enqueue(this);
        return _isWaiting = true;
    }

    private void StartNext()
    {
        while (Held is not null && _ready.TryDequeue(out var leaf, out _))
        {
            if (!leaf.MayStart)
            {
                leaf.Withdraw();
                continue;
            }

            _isBusy = true;
            Held.Renew();
            leaf.Accept(Held.Host);
            _session.Defer(leaf.Start);
            return;
        }

        if (_isKept)
            EndCall();
        else
            Leave();
    }

    private List<HostedLeaf> RemoveReady()
    {
        var leaves = new List<HostedLeaf>(_ready.Count);
        while (_ready.TryDequeue(out var leaf, out _))
            leaves.Add(leaf);
        return leaves;
    }
}
