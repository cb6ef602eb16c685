using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// Limits how many elements of a composite node may be under way. An element that waits for a commit holds no slot. So more elements may
/// be under way than there are slots, and many share each commit. The limit grows with each element that completes: if the first ones
/// fail, only few others have begun. Call its members under the session's lock.
/// </summary>
internal sealed class ElementLimit
{
    // If a scriptblock chooses the hosts, they set no limit, and the input of a pipeline may have no end.
    private const int MostFed = 128;
    private const int ElementsPerSlot = 64;

    private readonly ElementHosts? _sharing;
    private readonly int _most;
    private readonly int _mostShared;
    private int _completed;

    public ElementLimit(CompositeExecution composite)
    {
        var settings = composite.Node.Settings;
        var session = composite.Run.Session;
        // A lock has one holder at a time, so its elements run one at a time.
        if (settings.Locks is not null)
        {
            Slots = _most = 1;
            return;
        }

        Slots = composite.Hosts is { } hosts
            ? Math.Min(settings.ThrottleLimit ?? int.MaxValue, hosts.Limit)
            : settings.ThrottleLimit ?? session.Options.ThrottleLimit;
        _sharing = settings.ThrottleLimit is null ? composite.Hosts : null;
        _mostShared = composite.Feed is null ? int.MaxValue : MostFed;
        if (composite.Feed is not null)
            Slots = Math.Min(Slots, MostFed);
        var mayExceedSlots = settings.ThrottleLimit is null && composite.Hosts is null && composite.Feed is null
            && session.Provenance.KeepsRuns && !session.IsSequential && composite.Node.SubDags!.All.Any(dag => dag.Nodes.Length > 1);
        _most = mayExceedSlots ? (int)Math.Min((long)Slots * ElementsPerSlot, Math.Max(Slots, MostFed)) : Slots;
    }

    /// <summary>How many elements may run code at the same time.</summary>
    public int Slots { get; }

    /// <summary>Whether more elements may be under way than may run code at the same time.</summary>
    public bool ExceedsSlots => _most > Slots;

    /// <summary>How many elements may be under way now. Elements with short code share the slots of their hosts.</summary>
    public int Current =>
        _sharing is null ? (int)Math.Min(_most, (long)Slots + _completed) : Math.Min(_sharing.Room, _mostShared);

    /// <summary>Counts an element that has completed.</summary>
    public void Completed() => _completed++;
}
