namespace Lythonic.Dag.Execution;

/// <summary>Work that waits for a slot of the run's throttle.</summary>
internal interface ISlotRequest
{
    /// <summary>Where it stands among what is ready.</summary>
    OrderKey Order { get; }

    /// <summary>Whether it may start still. Under the session's lock.</summary>
    bool MayStart { get; }

    /// <summary>Starts it; returns soon.</summary>
    void Start();

    /// <summary>Takes it back, because nothing of its run starts any more. Under the session's lock.</summary>
    void Withdraw();
}
