using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Tests.Contract;

namespace Lythonic.Dag.Engine.Tests.Provenance;

/// <summary>The tests' own store keeps the contract, so that what they prove with it holds with others.</summary>
public sealed class MemoryStoreTests : StoreRunContract, IDisposable
{
    protected override DagProvenance Store { get; } = new MemoryProvenance();

    public void Dispose() => Store.Dispose();
}
