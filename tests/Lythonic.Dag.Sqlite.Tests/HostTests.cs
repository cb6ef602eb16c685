using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>What the file says of nodes that ran on hosts.</summary>
public sealed class HostTests : IDisposable
{
    private const string Attempts = """
        SELECT group_concat(attempt || ' ' || status || ' ' || coalesce(host, 'here'), ', ')
        FROM (SELECT * FROM node_executions WHERE node_label = 'x' ORDER BY run_id, attempt)
        """;

    private readonly StoreFolder _folder = new();
    private readonly HostInvoker _hosts = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_attempt_has_its_host_and_a_lost_one_says_why()
    {
        _hosts.Loses = call => call.Host!.Name == "a" ? "exit code 255" : null;
        using var store = new SqliteProvenance(_folder.Database);

        var result = await RunAsync(store, new DagNode("x", HostCode.Same, On("a", "b")));

        Assert.Equal((DagRunStatus.Completed, "b"), (result.Status, result.Nodes[0].Host));
        Assert.Equal("1 failed a, 2 completed b", _folder.Query(Attempts));
        Assert.Contains("exit code 255", _folder.Query("SELECT error FROM node_executions WHERE attempt = 1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_leaves_what_is_done_and_takes_a_host_afresh_for_the_rest()
    {
        _hosts.Refuses = call => call.Host!.Name == "web2" ? "down" : null;
        var hosts = NodeHosts.ChosenBy(new NodePredicate(HostCode.Same), value => [new HostSpec($"web{value}", 1, "")]);
        var dag = new Dag("d").Add(new DagNode("list", new HostCode(_ => new object[] { 1, 2, 3 })));
        dag.Add(
            DagNode.Map("map", new SubDags(new Dag("e").Add(new DagNode("x", HostCode.Same))), new() { Hosts = hosts, ThrottleLimit = 1 }),
            ["list"]);
        string runId;
        using (var store = new SqliteProvenance(_folder.Database))
            runId = (await new DagRunner(dag, store, new DagRunOptions { Invoker = _hosts }).RunAsync()).RunId;
        Assert.Equal("1 completed web1, 1 failed web2", _folder.Query(Attempts));
        _hosts.Refuses = _ => null;
        _hosts.Tried.Clear();

        using var again = new SqliteProvenance(_folder.Database);
        var result = await new DagRunner(dag, again, new DagRunOptions { Invoker = _hosts }).RestartAsync(runId);

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal("1 completed web1, 1 failed web2, 2 completed web2, 1 completed web3", _folder.Query(Attempts));
        Assert.DoesNotContain("x web1", _hosts.Tried);
    }

    private static NodeSettings On(params string[] hosts) =>
        new() { Hosts = NodeHosts.Of([.. hosts.Select(host => new HostSpec(host, 1, host))]) };

    private Task<DagRunResult> RunAsync(SqliteProvenance store, DagNode node) =>
        new DagRunner(new Dag("d").Add(node), store, new DagRunOptions { Invoker = _hosts }).RunAsync();
}
