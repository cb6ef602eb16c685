using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Tests.Contract;

namespace Lythonic.Dag.Engine.Tests.Provenance;

/// <summary>The same with records that become durable with a flush.</summary>
public sealed class BufferedMemoryStoreTests : StoreRunContract, IDisposable
{
    protected override DagProvenance Store { get; } = new MemoryProvenance { IsBuffered = true };

    public void Dispose() => Store.Dispose();
}
