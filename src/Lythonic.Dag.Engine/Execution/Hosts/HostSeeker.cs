namespace Lythonic.Dag.Execution;

/// <summary>Somebody who wants a host of a farm, and comes back for another where that one is lost. Under the session's lock.</summary>
/// <param name="order">Where it stands among those who wait.</param>
internal abstract class HostSeeker(OrderKey order)
{
    private HashSet<FarmHost>? _lost;

    public OrderKey Order { get; } = order;

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

    /// <summary>Takes the slot that was waited for.</summary>
    public abstract void Take(HostLease lease);

    /// <summary>Withdraws what may not start any more.</summary>
    /// <returns>Whether a host is still wanted.</returns>
    public abstract bool Purge();

    /// <summary>There is no host any more.</summary>
    /// <param name="reasons">Each host with its reason.</param>
    public abstract void Fail(string reasons);
}
