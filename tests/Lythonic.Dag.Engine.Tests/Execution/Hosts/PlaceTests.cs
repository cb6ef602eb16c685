using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Where the code of a node runs: on its own hosts, on those of the element around it, or in this process.</summary>
public sealed class PlaceTests : IDisposable
{
    private readonly MemoryProvenance _store = new();
    private readonly HostInvoker _hosts = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_node_runs_on_its_host_which_stands_in_its_node_run_its_result_and_its_context()
    {
        var dag = new Dag("d").Add(new DagNode("n", HostCode.Same, On("web1")));
        string? told = null;
        _hosts.Gate = call => Task.FromResult(told = call.Context.HostName);

        var result = await RunAsync(dag);

        Assert.Equal(["n web1"], _hosts.Begun);
        Assert.Equal("web1", told);
        Assert.Equal(("web1", "web1"), (result.Nodes[0].Host, _store.NodeRuns("n")[0].Host));
    }

    [Fact]
    public async Task A_sub_run_at_any_depth_is_on_the_host_of_its_element_and_an_inner_one_wins()
    {
        var inner = Sub("in").Add(new DagNode("own", HostCode.Same, On("db1")), ["in"]);
        var element = Sub("out").Add(DagNode.Call("call", inner), ["out"]);
        var dag = Source().Add(DagNode.Call("on", element, On("web1")), ["one"]);

        var result = await RunAsync(dag);

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal(["one here", "out web1", "in web1", "own db1"], _hosts.Begun);
    }

    [Fact]
    public async Task Methods_and_inline_nodes_of_an_element_run_here()
    {
        var element = Sub("script")
            .Add(new DagNode("method", MethodCode.From((object value) => value)), ["script"])
            .Add(new DagNode("inline", HostCode.Same, new NodeSettings { Inline = true }), ["method"]);
        var dag = Source().Add(DagNode.Call("on", element, On("web1")), ["one"]);

        await RunAsync(dag);

        Assert.Equal(["one here", "script web1", "method here", "inline here"], _hosts.Begun);
        Assert.Equal(["web1", null, null], new[] { "script", "method", "inline" }.Select(label => _store.NodeRuns(label)[0].Host));
    }

    [Fact]
    public async Task What_replaces_a_node_runs_here()
    {
        var dag = new Dag("d").Add(new DagNode("n", HostCode.Same, On("web1")));

        await RunAsync(dag, new DagRunOptions { Overrides = new Dictionary<string, NodeCode> { ["n"] = HostCode.Same } });

        Assert.Equal(["n here"], _hosts.Begun);
    }

    [Fact]
    public async Task An_inline_run_leaves_nodes_on_their_hosts()
    {
        var dag = new Dag("d").Add(new DagNode("n", HostCode.Same, On("web1")));

        await RunAsync(dag, new DagRunOptions { Inline = true });

        Assert.Equal("n web1", Assert.Single(_hosts.Begun));
        Assert.False(_hosts.IsInline);
    }

    [Fact]
    public void A_shape_says_nothing_of_hosts_and_batches()
    {
        string Fingerprint(NodeSettings? settings) => DagCompiler
            .Compile(Graphs.MapOver(new[] { 1 }, Sub("e"), settings), null, new Dictionary<string, NodeCode>(), new ClrValueConverter())
            .Definition.Fingerprint;

        Assert.Equal(Fingerprint(null), Fingerprint(On("web1") with { Batch = BatchSizes.Parse(["1"]) }));
    }

    [Fact]
    public void A_method_or_an_inline_node_on_a_host_is_refused_and_so_are_batches_of_no_map()
    {
        var (method, on) = (MethodCode.From(() => 1), On("web1"));
        Assert.Contains("calls a .NET method", Refused(() => new DagNode("n", method, on)), StringComparison.Ordinal);
        Assert.Contains("is inline", Refused(() => new DagNode("n", HostCode.Same, on with { Inline = true })), StringComparison.Ordinal);
        var batches = new NodeSettings { Batch = BatchSizes.Parse(["2"]) };
        Assert.Contains("is no map", Refused(() => DagNode.Call("n", Sub("e"), batches)), StringComparison.Ordinal);
    }

    private static string Refused(Func<DagNode> make)
    {
        var error = Assert.Throws<DagException>(make);
        Assert.Equal((DagErrorId.DagTypeMismatch, "n"), (error.Id, error.Target));
        return error.Message;
    }

    private static NodeSettings On(string host) => new() { Hosts = NodeHosts.Of([new HostSpec(host, 1, host)]) };

    private static Dag Source() => new Dag("d").Add(new DagNode("one", new HostCode(_ => 1)));

    private static Dag Sub(string label) => new Dag(label).Add(new DagNode(label, HostCode.Same));

    private Task<DagRunResult> RunAsync(Dag dag, DagRunOptions? options = null) =>
        new DagRunner(dag, _store, (options ?? new DagRunOptions()) with { Invoker = _hosts, ThrottleLimit = 1 }).RunAsync().Soon();
}
