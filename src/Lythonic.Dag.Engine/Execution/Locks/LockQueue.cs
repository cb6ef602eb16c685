namespace Lythonic.Dag.Execution;

/// <summary>
/// Who holds locks and who waits for them, in the order of asking. A ticket gets all its locks at once or none, and only when no earlier
/// ticket wants one of them. So nobody waits for ever, and no order of names makes a deadlock.
/// </summary>
internal sealed class LockQueue
{
    private readonly object _gate = new();
    private readonly Dictionary<string, LockLane> _lanes = new(StringComparer.Ordinal);

    /// <summary>Asks for locks.</summary>
    /// <param name="keys">The names of the locks, each once. Tickets that share a lock can hold it at the same time.</param>
    /// <param name="granted">
    /// Called when all locks are granted, unless that happens at once. It is called on the thread that releases a lock.
    /// </param>
    public LockTicket Enter(IEnumerable<(string Key, bool IsShared)> keys, Action granted)
    {
        var ticket = new LockTicket(granted);
        lock (_gate)
        {
            foreach (var (key, isShared) in keys)
            {
                if (!_lanes.TryGetValue(key, out var lane))
                    _lanes[key] = lane = new LockLane();
                ticket.Blocked++;
                ticket.Places.Add((key, lane.Add(ticket, isShared)));
            }

            // Tickets that are granted at once are returned; the callback is for those granted later.
            foreach (var (key, _) in ticket.Places)
                _lanes[key].Advance();
            ticket.IsGranted = ticket.Blocked == 0;
        }

        return ticket;
    }

    /// <summary>Releases the locks, or ends the wait for them. Calling it again does nothing.</summary>
    public void Leave(LockTicket ticket)
    {
        var given = new List<LockTicket>();
        lock (_gate)
        {
            foreach (var (key, place) in ticket.Places)
            {
                var lane = _lanes[key];
                lane.Remove(place);
                foreach (var next in lane.Advance().Where(next => next.Blocked == 0))
                    given.Add(next);
                if (lane.IsEmpty)
                    _lanes.Remove(key);
            }

            ticket.Places.Clear();
            given.ForEach(next => next.IsGranted = true);
        }

        given.ForEach(next => next.Granted());
    }
}
