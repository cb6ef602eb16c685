namespace Lythonic.Dag.Execution;

/// <summary>
/// The hosts of a node, and the queue of those who want a slot of one. <see cref="HostChoice"/> chooses the host. Pure: no I/O, no clock,
/// no threads; times have any origin. Under the session's lock.
/// </summary>
internal sealed class HostFarm
{
    private readonly FarmHost[] _hosts;
    private readonly PriorityQueue<HostSeeker, OrderKey> _waiting = new();

    // Those who are on a host and wait for its slot. They come first: who waits for a host may wait for one of them to leave it.
    private readonly PriorityQueue<HostSeeker, OrderKey> _returning = new();

    /// <param name="hosts">At least one; their names differ.</param>
    public HostFarm(FarmHost[] hosts)
    {
        _hosts = hosts;
        foreach (var host in hosts)
            host.Farm = this;
    }

    /// <summary>How many calls may hold a slot of its hosts at once. Short calls share a slot.</summary>
    public int Room => (int)Math.Min(int.MaxValue, _hosts.Sum(host => host.Room));

    /// <summary>Whether it has only one host, so that no other can take over a call.</summary>
    public bool IsSole => _hosts.Length == 1;

    /// <summary>The only host; <see langword="null"/> if there are several.</summary>
    public HostSpec? Sole => IsSole ? _hosts[0].Spec : null;

    /// <summary>Whether a call that is lost may go on elsewhere.</summary>
    public bool HasOthers => !IsSole || _hosts[0].Spec.IsCluster;

    /// <summary>What somebody waits for, for people: one of its hosts. If some refused, one of the reasons.</summary>
    public string Wait
    {
        get
        {
            var refused = _hosts.Where(host => host.Reason is not null).ToList();
            return refused.Count == 0 ? $"Waits for a host: {LabelList.Join(_hosts.Select(host => host.Spec.Name))}."
                : $"Waits for a host. {refused[0].Reason}{(refused.Count > 1 ? $" ({refused.Count - 1} more)" : "")}";
        }
    }

    /// <summary>Whether anybody waits.</summary>
    public bool HasWaiting => _waiting.Count + _returning.Count > 0;

    /// <summary>Why no host is left, each with its reason; <see langword="null"/> if one is left.</summary>
    public string? NoneLeft => Array.TrueForAll(_hosts, host => host.IsOut)
        ? string.Join("; ", _hosts.Select(host => $"{host.Spec.Name}: {host.Reason}"))
        : null;

    /// <summary>Waits for a host, or for a slot of the host that is held.</summary>
    public void Enqueue(HostSeeker seeker)
    {
        (seeker.Held is null ? _waiting : _returning).Enqueue(seeker, seeker.Order);
        foreach (var host in _hosts)
            host.Slots.Await(this);
    }

    /// <summary>Removes all that wait, and gives them.</summary>
    public List<HostSeeker> RemoveWaiting()
    {
        var seekers = new List<HostSeeker>(_waiting.Count + _returning.Count);
        while (_returning.TryDequeue(out var seeker, out _) || _waiting.TryDequeue(out seeker, out _))
            seekers.Add(seeker);
        return seekers;
    }

    /// <summary>Gives a slot to the first in the queue that can have one now.</summary>
    /// <returns>The slot; <see langword="null"/> if none can.</returns>
    public HostLease? LeaseNext(TimeSpan now) => LeaseNext(_returning, now) ?? LeaseNext(_waiting, now);

    /// <summary>When the next host that refused may be tried again; <see langword="null"/> if nobody waits for that.</summary>
    public TimeSpan? WakesAt(TimeSpan now) =>
        HasWaiting ? _hosts.Where(host => !host.IsOut && host.BackOffUntil > now).Min(host => host.BackOffUntil) : null;

    /// <summary>Notes that the host was connected to with this slot.</summary>
    public static void Open(HostLease lease)
    {
        EndProbe(lease);
        if (!lease.IsOpen && !(lease.Host.IsOpen && lease.Host.IsSound))
            lease.Host.Open();
        lease.IsOpen = true;
    }

    /// <summary>Gives the slot back. If the host was connected to with it, that proves that the host is reachable.</summary>
    public static void Release(HostLease lease)
    {
        Free(lease);
        if (lease.IsOpen && !lease.Host.IsSound)
            lease.Host.Open();
    }

    /// <summary>Notes that the call that is made with the slot takes long: nobody shares it meanwhile.</summary>
    public static void NoteLong(HostLease lease)
    {
        if (!lease.IsLong)
            lease.Host.LongCalls++;
        lease.IsLong = true;
    }

    /// <summary>Notes that the call has ended that was made with the slot. The host is kept, and the slot is free for others.</summary>
    public static void EndCall(HostLease lease)
    {
        if (lease.IsLong)
            lease.Host.LongCalls--;
        lease.IsLong = false;
        if (lease.IsCalling)
            lease.Host.EndCall();
        lease.IsCalling = false;
    }

    /// <summary>Gives the slot back without a call.</summary>
    public static void Return(HostLease lease) => Free(lease);

    /// <summary>Notes that the host was lost during a call. It may be tried again at once; the caller wants another host.</summary>
    public static void Lose(HostLease lease)
    {
        Free(lease);
        lease.Seeker.NoteLost(lease.Host);
    }

    /// <summary>Notes that the host could not be connected to.</summary>
    /// <param name="lease">The slot.</param>
    /// <param name="reason">The error.</param>
    /// <param name="now">When.</param>
    public void Refuse(HostLease lease, string reason, TimeSpan now)
    {
        Free(lease);
        // If many tried at once, the first failure counts for all.
        if (lease.Generation == lease.Host.Generation && !IsSole)
            lease.Host.Refuse(reason, now);
    }

    private static void Free(HostLease lease)
    {
        lease.Host.InUse--;
        EndProbe(lease);
        EndCall(lease);
    }

    private static void EndProbe(HostLease lease)
    {
        if (lease.IsProbe)
            lease.Host.IsProbed = false;
        lease.IsProbe = false;
    }

    private HostLease? LeaseNext(PriorityQueue<HostSeeker, OrderKey> queue, TimeSpan now)
    {
        List<HostSeeker>? passedOver = null;
        HostLease? lease = null;
        while (lease is null && queue.TryPeek(out var seeker, out _))
        {
            lease = Lease(seeker, now);
            if (lease is null && seeker is { LastLost: null, Held: null })
                break;
            queue.Dequeue();
            if (lease is null)
                (passedOver ??= []).Add(seeker);
        }

        passedOver?.ForEach(Enqueue);
        return lease;
    }

    private HostLease? Lease(HostSeeker seeker, TimeSpan now)
    {
        if (seeker.Held is { } held)
            return held.Host.HasRoom ? BeginCall(held) : null;
        if (HostChoice.For(seeker, _hosts, now) is not { } host)
            return null;
        host.InUse++;
        host.IsProbed = host.BackOffUntil is not null;
        return BeginCall(new HostLease(host, seeker) { IsProbe = host.IsProbed });
    }

    private static HostLease BeginCall(HostLease lease)
    {
        lease.Host.BeginCall();
        lease.IsCalling = true;
        return lease;
    }
}
