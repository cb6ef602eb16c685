namespace Lythonic.Dag.Execution;

/// <summary>
/// The host that an element is on, with all its nodes at any depth, or one node with hosts of its own. It holds one slot, with which one
/// node runs at a time; others wait here, in order. Under the session's lock.
/// </summary>
internal sealed class HostPlace : HostSeeker
{
    private readonly RunSession _session;
    private readonly bool _isKept;
    private readonly PriorityQueue<HostedLeaf, OrderKey> _ready = new();
    private HostLease? _lease;
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
        if (!_isBusy && !_isWaiting)
            Advance();
    }

    /// <summary>Notes that the node that runs is connected to the host.</summary>
    public void Open() => HostFarm.Open(_lease!);

    /// <summary>Notes that the node that runs takes long, so that nobody waits to share its slot.</summary>
    public void NoteLong()
    {
        if (_isBusy && _lease is not null)
            HostFarm.NoteLong(_lease);
    }

    /// <summary>Notes that the node that ran has ended.</summary>
    public void Ended()
    {
        _isBusy = false;
        _hasRun = true;
        EndLong();
        if (_isKept)
            Advance();
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
    }

    /// <summary>Notes that the host could not be connected to.</summary>
    public void Refuse(string reason) => Drop(lease => Farm.Refuse(lease, reason, _session.Hosts.Now));

    /// <summary>Gives the host back.</summary>
    public void Leave()
    {
        if (_lease is not null)
            Drop(HostFarm.Release);
    }

    /// <inheritdoc/>
    public override void Accept(HostLease lease)
    {
        _lease = lease;
        _hasRun = false;
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

    private void EndLong()
    {
        if (_lease is not { IsLong: true })
            return;
        HostFarm.EndLong(_lease);
        _session.Hosts.Assign(Farm);
    }

    private void Drop(Action<HostLease> drop)
    {
        drop(_lease!);
        _lease = null;
        _isBusy = false;
        _session.Hosts.Assign(Farm);
        if (!_isWaiting)
            Advance();
    }

    private void Advance()
    {
        if (_ready.Count == 0)
            return;
        if (_lease is not null)
        {
            StartNext();
            return;
        }

        _isWaiting = true;
        Farm.Enqueue(this);
        _session.Hosts.Assign(Farm);
    }

    private void StartNext()
    {
        while (_lease is not null && _ready.TryDequeue(out var leaf, out _))
        {
            if (!leaf.MayStart)
            {
                leaf.Withdraw();
                continue;
            }

            _isBusy = true;
            _lease.Renew();
            leaf.Accept(_lease.Host);
            _session.Defer(leaf.Start);
            return;
        }

        if (!_isKept)
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
