namespace Lythonic.Dag.Execution;

/// <summary>A request for locks of a <see cref="LockQueue"/>.</summary>
/// <param name="granted">Called when the request is granted, unless that happens at once.</param>
internal sealed class LockTicket(Action granted)
{
    /// <summary>Called when the request is granted, unless that happens at once.</summary>
    public Action Granted { get; } = granted;

    /// <summary>Whether all locks are granted.</summary>
    public volatile bool IsGranted;

    /// <summary>In how many lanes the lock is not granted yet. Only the queue uses it.</summary>
    public int Blocked { get; set; }

    /// <summary>Its places in the lanes. Only the queue uses them.</summary>
    public List<(string Key, LinkedListNode<LockLane.Place> Place)> Places { get; } = [];
}
