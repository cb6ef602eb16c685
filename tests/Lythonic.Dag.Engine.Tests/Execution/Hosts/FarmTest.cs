using System.Collections.Concurrent;
using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Engine.Tests.Model;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>What tests of runs on farms share: a store, hosts that a test steers, and a clock that it sets.</summary>
public abstract class FarmTest : IDisposable
{
    internal MemoryProvenance Store { get; } = new() { IsBuffered = true };

    internal HostInvoker Hosts { get; } = new();

    internal ManualClock Clock { get; } = new();

    public void Dispose()
    {
        Store.Dispose();
        GC.SuppressFinalize(this);
    }

    // The node runs of each element's sub-run, without those of sub-runs inside it.
    internal List<IReadOnlyList<StoredNodeRun>> SubRuns() =>
        [.. Store.FindRuns(new RunQuery { IncludeSubRuns = true })
            .Where(run => run.ParentNode == "map")
            .Select(run => Store.GetNodeRuns(run))];

    internal static NodeSettings On(int slots, params string[] hosts) =>
        new() { Hosts = NodeHosts.Of([.. hosts.Select(host => new HostSpec(host, slots, host))]) };

    internal static Dag Element(string label = "x") => new Dag("e").Add(new DagNode(label, HostCode.Same));

    internal static Dag Map(int count, Dag element, NodeSettings settings) =>
        Graphs.MapOver(Enumerable.Range(0, count).ToArray(), element, settings);

    internal DagRunOptions Options() => new() { Invoker = Hosts, ThrottleLimit = 1, Clock = Clock };

    internal Task<DagRunResult> RunAsync(Dag dag, DagRunOptions? options = null) =>
        new DagRunner(dag, Store, (options ?? new DagRunOptions()) with { Invoker = Hosts, ThrottleLimit = 1, Clock = Clock })
            .RunAsync().Soon();
}
