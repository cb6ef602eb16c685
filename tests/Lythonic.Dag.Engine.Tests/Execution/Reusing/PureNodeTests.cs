using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Random DAGs of pure nodes give the same with reuse and without it.</summary>
public sealed class PureNodeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Random_dags_over_one_store_give_with_reuse_what_they_give_without_it(int seed)
    {
        var random = new Random(seed);
        using var store = new MemoryProvenance();
        var reused = 0;
        for (var round = 0; round < 40; round++)
        {
            var shape = random.Next(6);
            var input = random.Next(3);

            var without = await new DagRunner(Make(new Random(shape), input, reuses: false)).RunAsync().Soon();
            var with = await new DagRunner(Make(new Random(shape), input, reuses: true), store).RunAsync().Soon();

            Assert.Equal(DagRunStatus.Completed, with.Status);
            Assert.Equal(Text(without), Text(with));
            reused += with.Nodes.Count(node => node.Status == NodeStatus.Skipped);
        }

        Assert.True(reused > 40, $"Only {reused} nodes were reused.");
    }

    private static string Text(DagRunResult result) =>
        string.Join(';', result.Outputs.Keys.Cast<string>().Select(label => $"{label}={Text(result.Outputs[label])}"));

    private static string Text(object? value) =>
        value is System.Collections.IList list ? $"[{string.Join(',', list.Cast<object?>())}]" : $"{value}";

    private static Dag Make(Random random, int input, bool reuses)
    {
        var settings = new NodeSettings { Reuse = reuses };
        var dag = new Dag("d").Add(
            new DagNode("n0", MethodCode.From(Add), settings with { Constants = new Dictionary<string, object?> { ["x"] = input } }));
        for (var index = 1; index < 8; index++)
            dag.Add(new DagNode($"n{index}", MethodCode.From(random.Next(2) == 0 ? Add : Square), settings), [$"n{random.Next(index)}"]);
        dag.Add(new DagNode("list", MethodCode.From(Range), settings), ["n3"]);
        dag.Add(DagNode.Map("map", new SubDags(Graphs.One("e", Square)), settings), ["list"]);
        return dag.Add(DagNode.Call("call", Graphs.One("a", Add).Add(new DagNode("b", MethodCode.From(Square)), ["a"]), settings), ["n2"]);
    }

    private static int Add(int x) => x + 7;

    private static int Square(int x) => unchecked(x * x % 1009);

    private static int[] Range(int x) => [.. Enumerable.Range(0, (x & 7) + 1)];
}
