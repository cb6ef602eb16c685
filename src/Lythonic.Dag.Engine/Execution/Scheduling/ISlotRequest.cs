namespace Lythonic.Dag.Execution;

/// <summary>Work that waits for a slot of the run's throttle.</summary>
internal interface ISlotRequest
{
    /// <summary>Its place among the requests that are ready.</summary>
    OrderKey Order { get; }

    /// <summary>Whether it may still start. Under the session's lock.</summary>
    bool MayStart { get; }

    /// <summary>Starts it; returns soon.</summary>
    void Start();

    /// <summary>Withdraws the request, because its run starts no more nodes. Under the session's lock.</summary>
    void Withdraw();
}
