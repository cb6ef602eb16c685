namespace Lythonic.Dag.Execution;

/// <summary>What somebody asked a <see cref="LockQueue"/> for.</summary>
/// <param name="granted">Called when it is given, where that is not at once.</param>
internal sealed class LockTicket(Action granted)
{
    /// <summary>Called when it is given, where that is not at once.</summary>
    public Action Granted { get; } = granted;

    /// <summary>Whether all of it is given.</summary>
    public volatile bool IsGranted;

    /// <summary>In how many of its lanes it is not given yet. The queue's own.</summary>
    public int Blocked { get; set; }

    /// <summary>Where it stands. The queue's own.</summary>
    public List<(string Key, LinkedListNode<LockLane.Place> Place)> Places { get; } = [];
}
