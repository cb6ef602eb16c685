using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The farms of a run: one for each node that names hosts, or for each set of hosts that its scriptblock chose. Farms that name one host
/// share its slots. It gives slots to those who wait, as they come free and as time passes. Under the session's lock.
/// </summary>
internal sealed class HostFarms(RunSession session) : IDisposable
{
    private readonly Dictionary<HostSet, HostFarm> _farms = [];
    private readonly Dictionary<HostFarm, ITimer> _timers = [];
    private readonly Dictionary<(string Name, object Endpoint), HostSlots> _slots = [];
    private readonly long _began = session.Clock.GetTimestamp();

    /// <summary>The time, as farms count it: it never goes back.</summary>
    public TimeSpan Now => session.Clock.GetElapsedTime(_began);

    /// <summary>The farm of a node for some hosts.</summary>
    public HostFarm Find(CompiledNode node, IReadOnlyList<HostSpec> hosts)
    {
        var set = new HostSet(node, hosts);
        if (!_farms.TryGetValue(set, out var farm))
            _farms[set] = farm = new HostFarm([.. hosts.Select(host => new FarmHost(host, SlotsOf(host)))]);
        return farm;
    }

    /// <summary>Gives the slots of a host that are free to those who wait for them: one to each farm in turn.</summary>
    public void Assign(HostSlots slots)
    {
        for (var passed = 0; passed < slots.Waiting && slots.MayHaveRoom;)
        {
            passed++;
            if (slots.NextTurn()?.LeaseNext(Now) is not { } lease)
                continue;
            lease.Seeker.Accept(lease);
            passed = 0;
        }
    }

    /// <summary>Gives the slots of a farm that are free to those who wait for them.</summary>
    public void Assign(HostFarm farm)
    {
        while (farm.LeaseNext(Now) is { } lease)
            lease.Seeker.Accept(lease);
        if (!farm.HasWaiting)
            return;
        if (farm.NoneLeft is { } reasons)
            Fail(farm, reasons);
        else if (farm.WakesAt(Now) is { } time)
            WakeAt(farm, time);
    }

    /// <summary>Withdraws the waiting requests that may no longer start.</summary>
    public void Purge()
    {
        foreach (var farm in _farms.Values.Where(farm => farm.HasWaiting).ToList())
        {
            foreach (var seeker in farm.RemoveWaiting())
            {
                if (seeker.Purge())
                    farm.Enqueue(seeker);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var timer in _timers.Values)
            timer.Dispose();
    }

    // Who is on a host goes on there, even if others could not connect to it.
    private static void Fail(HostFarm farm, string reasons)
    {
        foreach (var seeker in farm.RemoveWaiting())
        {
            if (seeker.Held is null)
                seeker.Fail(reasons);
            else
                farm.Enqueue(seeker);
        }
    }

    // Connections are shared by the same rule: hosts are the same if they have one name and are reached in the same way.
    private HostSlots SlotsOf(HostSpec host)
    {
        var key = (host.Name, host.Endpoint);
        if (!_slots.TryGetValue(key, out var slots))
            _slots[key] = slots = new HostSlots();
        if (slots.Allow(host.Slots))
            Assign(slots);
        return slots;
    }

    private void WakeAt(HostFarm farm, TimeSpan time)
    {
        var wait = time - Now;
        if (wait < TimeSpan.Zero)
            wait = TimeSpan.Zero;
        if (_timers.TryGetValue(farm, out var timer))
            timer.Change(wait, Timeout.InfiniteTimeSpan);
        else
            _timers[farm] = session.Clock.CreateTimer(_ => session.Background.Do(() => Wake(farm)), null, wait, Timeout.InfiniteTimeSpan);
    }

    private void Wake(HostFarm farm)
    {
        lock (session.Lock)
            Assign(farm);
        session.Dispatch();
    }

    /// <summary>The hosts that a node chose, in whatever order.</summary>
    private readonly struct HostSet : IEquatable<HostSet>
    {
        private readonly CompiledNode _node;
        private readonly HostSpec[] _hosts;

        public HostSet(CompiledNode node, IReadOnlyList<HostSpec> hosts)
        {
            _node = node;
            _hosts = [.. hosts.OrderBy(host => host.Name, StringComparer.OrdinalIgnoreCase)];
        }

        public bool Equals(HostSet other) => _node == other._node && _hosts.AsSpan().SequenceEqual(other._hosts);

        public override bool Equals(object? obj) => obj is HostSet other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(_node, _hosts[0], _hosts.Length);
    }
}
