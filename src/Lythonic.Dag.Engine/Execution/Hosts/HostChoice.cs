namespace Lythonic.Dag.Execution;

/// <summary>
/// Chooses the host that somebody gets: one that did not refuse, was not lost before, has the largest part of its slots free, and is
/// connected to already. Pure: no I/O, no clock, no threads.
/// </summary>
internal static class HostChoice
{
    /// <summary>Chooses among hosts.</summary>
    /// <param name="seeker">Who wants one.</param>
    /// <param name="hosts">The hosts.</param>
    /// <param name="now">The time, of any origin.</param>
    /// <returns>The host; <see langword="null"/> if none can be had now.</returns>
    public static FarmHost? For(HostSeeker seeker, FarmHost[] hosts, TimeSpan now)
    {
        FarmHost? best = null;
        foreach (var host in hosts)
        {
            if (host.IsFree(now) && !IsAvoided(seeker, host, hosts) && (best is null || Compare(seeker, host, best) < 0))
                best = host;
        }

        return best;
    }

    // After a loss, another host is taken, if there is one to wait for.
    private static bool IsAvoided(HostSeeker seeker, FarmHost host, FarmHost[] hosts) =>
        host == seeker.LastLost && Array.Exists(hosts, other => other != host && other.IsSound);

    private static int Compare(HostSeeker seeker, FarmHost one, FarmHost other)
    {
        var order = (one.BackOffUntil is not null).CompareTo(other.BackOffUntil is not null);
        if (order == 0)
            order = seeker.HasLost(one).CompareTo(seeker.HasLost(other));
        if (order == 0)
            order = one.Load.CompareTo(other.Load);
        return order != 0 ? order : other.IsOpen.CompareTo(one.IsOpen);
    }
}
