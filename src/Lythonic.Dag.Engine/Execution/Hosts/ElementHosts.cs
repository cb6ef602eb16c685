using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The hosts of a composite node's elements. If a scriptblock chooses the hosts of an element, the element begins when these have room for
/// it. Until then it only has a place in a queue.
/// </summary>
internal sealed class ElementHosts(CompositeExecution composite, NodeHosts hosts)
{
    private readonly RunSession _session = composite.Run.Session;
    private readonly CompiledNode _node = composite.Node;
    private readonly Dictionary<HostFarm, FarmRoom> _rooms = [];
    private HostFarm? _farm;

    /// <summary>How many elements may be in flight at once, or be asked for their hosts, before anything is known of their calls.</summary>
    public int Limit { get; } =
        hosts.Chooser is not null ? int.MaxValue : (int)Math.Min(int.MaxValue, hosts.Fixed.Sum(host => (long)host.Slots));

    /// <summary>How many elements may be in flight now: those with short calls share slots. Under the lock.</summary>
    public int Room => hosts.Chooser is not null ? int.MaxValue : (_farm ??= _session.Hosts.Find(_node, hosts.Fixed)).Room;

    /// <summary>Finds the place of an element. Outside of the lock.</summary>
    /// <param name="element">The element.</param>
    /// <param name="placed">Gets the place, when there is room. Outside of the lock.</param>
    /// <param name="failed">Called if there is no place, with the reason; <see langword="null"/> if the run stops.</param>
    public void Place(MapElement element, Action<HostPlace?> placed, Action<NodeFailure?> failed)
    {
        if (hosts.Chooser is null)
            placed(PlaceAmong(element, hosts.Fixed));
        else
            new BranchChoice(composite, element, hosts.Chooser, (outcome, _) => Chosen(element, outcome, placed, failed)).Ask();
    }

    /// <summary>Gives back the place of an element. Under the lock.</summary>
    public void Left(HostPlace place)
    {
        if (!_rooms.TryGetValue(place.Farm, out var room) || !room.Places.Remove(place))
            return;
        while (room.Places.Count < place.Farm.Room && room.Waiting.TryDequeue(out var next))
            Begin(room, next.Place, next.Placed);
    }

    /// <summary>Drops the elements that wait, because nothing starts any more. Under the lock.</summary>
    /// <returns>How many elements were waiting.</returns>
    public int Withdraw()
    {
        var count = 0;
        foreach (var room in _rooms.Values)
        {
            count += room.Waiting.Count;
            room.Waiting.Clear();
        }

        return count;
    }

    private void Chosen(MapElement element, NodeOutcome outcome, Action<HostPlace?> placed, Action<NodeFailure?> failed)
    {
        var (chosen, failure) = HostNames.Read(_node, outcome);
        if (chosen is null)
        {
            failed(failure);
            return;
        }

        var place = PlaceAmong(element, chosen);
        lock (_session.Lock)
        {
            if (!_rooms.TryGetValue(place.Farm, out var room))
                _rooms[place.Farm] = room = new FarmRoom();
            if (room.Places.Count < place.Farm.Room)
                Begin(room, place, placed);
            else
                room.Waiting.Enqueue((place, placed));
        }

        _session.Dispatch();
    }

    private void Begin(FarmRoom room, HostPlace place, Action<HostPlace?> placed)
    {
        room.Places.Add(place);
        _session.Defer(() => placed(place));
    }

    private HostPlace PlaceAmong(MapElement element, IReadOnlyList<HostSpec> among)
    {
        lock (_session.Lock)
            return new HostPlace(_session, _session.Hosts.Find(_node, among), composite.OrderOf(element), isKept: true);
    }

    private sealed class FarmRoom
    {
        /// <summary>The places of the elements in flight there.</summary>
        public HashSet<HostPlace> Places { get; } = [];

        /// <summary>The elements that wait, in the order in which they came, and what starts them.</summary>
        public Queue<(HostPlace Place, Action<HostPlace?> Placed)> Waiting { get; } = new();
    }
}
