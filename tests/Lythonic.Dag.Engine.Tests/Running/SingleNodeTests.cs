using System.Collections;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

public sealed class SingleNodeTests
{
    [Fact]
    public async Task One_node_runs_alone_with_its_constants_and_converts_as_the_dag_would()
    {
        var dag = new Dag("d").Add("start", () => 1);
        var settings = new NodeSettings { OutputType = typeof(string), Constants = new Dictionary<string, object?> { ["factor"] = "3" } };
        dag.Add(new DagNode("parse", MethodCode.From((int text, int factor) => text * factor), settings), ["start"]);
        using var store = new MemoryProvenance();

        var result = await new DagRunner(dag, store).RunNodeAsync("PARSE", new Hashtable { ["text"] = "14" }).Soon();

        Assert.Equal("42", Assert.Single(result.Outputs.Values.Cast<object>()));
        Assert.Equal(0, store.RunCount);
    }

    [Fact]
    public async Task A_composite_node_runs_alone_on_the_value_that_its_upstream_would_give()
    {
        var dag = Graphs.MapOver(new[] { 1 }, Graphs.One("e", (int value) => value * 2));

        var result = await new DagRunner(dag).RunNodeAsync("map", new Hashtable { ["_"] = new[] { 5, 6 } }).Soon();

        Assert.Equal([10, 12], result.Numbers());
    }

    [Fact]
    public async Task A_node_alone_tries_again_as_the_dag_would()
    {
        var tries = 0;
        var dag = new Dag("d").Add(new DagNode(
            "n", MethodCode.From(() => ++tries < 3 ? throw new InvalidOperationException("no") : tries),
                new NodeSettings { Retry = new RetryPolicy { Count = 2 } }));

        var result = await new DagRunner(dag).RunNodeAsync("n").Soon();

        Assert.Equal(3, result.Outputs["n"]);
    }
}
