namespace Lythonic.Dag.Execution;

/// <summary>
/// Who holds one lock and who waits for it. The first ticket holds the lock; if it shares the lock, so do those behind it that share it.
/// </summary>
internal sealed class LockLane
{
    private readonly LinkedList<Place> _places = [];

    // The last ticket that holds the lock.
    private LinkedListNode<Place>? _last;

    public bool IsEmpty => _places.Count == 0;

    public LinkedListNode<Place> Add(LockTicket ticket, bool isShared) => _places.AddLast(new Place(ticket, isShared));

    public void Remove(LinkedListNode<Place> place)
    {
        if (place == _last)
            _last = place.Previous;
        _places.Remove(place);
    }

    /// <summary>Gives the lock to the tickets whose turn it is.</summary>
    /// <returns>The tickets that got it now.</returns>
    public List<LockTicket> Advance()
    {
        var given = new List<LockTicket>();
        while ((_last is null ? _places.First : _last.Next) is { } next)
        {
            // An exclusive lock is held by the first ticket alone. If the first one shares the lock, so do all holders.
            if (_last is not null && !(next.Value.IsShared && _places.First!.Value.IsShared))
                break;
            _last = next;
            next.Value.Ticket.Blocked--;
            given.Add(next.Value.Ticket);
        }

        return given;
    }

    /// <summary>A place in the lane.</summary>
    internal sealed record Place(LockTicket Ticket, bool IsShared);
}
