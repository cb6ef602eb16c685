using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Tests.Contract;

namespace Lythonic.Dag.Engine.Tests.Provenance;

/// <summary>The tests' store finds outputs as a real one does.</summary>
public sealed class MemoryReuseTests : ReuseContract, IDisposable
{
    protected override DagProvenance Store { get; } = new MemoryProvenance();

    public void Dispose() => Store.Dispose();
}
