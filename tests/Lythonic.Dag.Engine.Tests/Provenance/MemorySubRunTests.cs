using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Tests.Contract;

namespace Lythonic.Dag.Engine.Tests.Provenance;

/// <summary>Sub-runs in the tests' own store.</summary>
public sealed class MemorySubRunTests : StoreSubRunContract, IDisposable
{
    protected override DagProvenance Store { get; } = new MemoryProvenance();

    public void Dispose() => Store.Dispose();
}
