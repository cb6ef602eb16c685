using Lythonic.Dag.Execution;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>Somebody who waits for a host and remembers which slot came.</summary>
internal sealed class WaitingSeeker(OrderKey order) : HostSeeker(order)
{
    /// <summary>The slot; <see langword="null"/> while it waits.</summary>
    public HostLease? Lease { get; private set; }

    /// <summary>Stays on the host between two calls.</summary>
    public void Stay()
    {
        HostFarm.EndCall(Lease!);
        (Held, Lease) = (Lease, null);
    }

    public override void Accept(HostLease lease) => Lease = lease;

    public override bool Purge() => false;

    public override void Fail(string reasons)
    {
    }
}
