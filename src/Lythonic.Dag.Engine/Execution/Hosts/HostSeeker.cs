namespace Lythonic.Dag.Execution;

/// <summary>A node or element that wants a host of a farm, and another one if that is lost. Under the session's lock.</summary>
/// <param name="order">Its place among those that wait.</param>
internal abstract class HostSeeker(OrderKey order)
{
    private HashSet<FarmHost>? _lost;

    public OrderKey Order { get; } = order;

    /// <summary>The host that it is on; <see langword="null"/> if any will do.</summary>
    public HostLease? Held { get; protected set; }

    /// <summary>The host that was lost last, or <see langword="null"/>: another one is wanted.</summary>
    public FarmHost? LastLost { get; private set; }

    /// <summary>Whether this host was lost before.</summary>
    public bool HasLost(FarmHost host) => _lost is not null && _lost.Contains(host);

    /// <summary>Notes that a host was lost.</summary>
    public void NoteLost(FarmHost host)
    {
        LastLost = host;
        _lost ??= [];
        _lost.Add(host);
    }

    /// <summary>Gets the slot that it waited for, with room for a call.</summary>
    public abstract void Accept(HostLease lease);

    /// <summary>Withdraws the requests that may no longer start.</summary>
    /// <returns>Whether a host is still wanted.</returns>
    public abstract bool Purge();

    /// <summary>Ends the wait, because no host is left.</summary>
    /// <param name="reasons">Each host with its reason.</param>
    public abstract void Fail(string reasons);
}
