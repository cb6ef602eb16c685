using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Tests.Contract;

namespace Lythonic.Dag.Engine.Tests.Provenance;

/// <summary>Sub-runs in the tests' own store, with records that become durable with a flush.</summary>
public sealed class BufferedMemorySubRunTests : StoreSubRunContract, IDisposable
{
    protected override DagProvenance Store { get; } = new MemoryProvenance { IsBuffered = true };

    public void Dispose() => Store.Dispose();
}
