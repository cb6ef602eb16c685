using System.Collections;
using System.Collections.Specialized;
using System.Runtime.CompilerServices;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>A node gives a sequence that computes its items when somebody asks for them.</summary>
public sealed class LazySequenceTests : IDisposable
{
    private readonly MemoryProvenance _store = new();
    private int _reads;

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_read_once_in_the_node_and_every_node_downstream_and_a_restart_have_its_items(bool isDeclared)
    {
        var broken = true;
        var element = new Dag("e").Add("x", (int value) => value == 2 && broken ? throw new InvalidOperationException("no") : value * 10);
        Delegate source = isDeclared ? Numbers : () => (object)Numbers();
        var dag = new Dag("d").Add("list", source)
            .Add(DagNode.Map("map", new SubDags(element)), ["list"])
            .Add("count", (IEnumerable<int> list) => list.Count() + (list.Count() * 10), "list");
        var options = new DagRunOptions { ContinueOnFailure = true };

        var failed = await new DagRunner(dag, _store, options).RunAsync().Soon();
        broken = false;
        var result = await new DagRunner(dag, _store, options).RestartAsync(failed.RunId).Soon();

        Assert.Equal(33, failed.Outputs["count"]);
        Assert.Equal([10, 20, 30], result.Numbers());
        Assert.Equal(1, _reads);
    }

    [Fact]
    public async Task That_of_a_task_is_read_too()
    {
        var result = await RunAsync(new Dag("d").Add("a", () => Task.FromResult(Numbers())));

        Assert.Equal([1, 2, 3], Assert.IsType<int[]>(result.Outputs["a"]));
    }

    [Fact]
    public async Task An_asynchronous_one_is_read_too_alone_and_in_a_task_and_its_edge_is_that_of_a_list()
    {
        var dag = new Dag("d").Add("a", () => NumbersAsync()).Add("b", () => Task.FromResult(NumbersAsync()))
            .Add("c", () => ValueTask.FromResult(NumbersAsync())).Add("sum", (int[][] all) => all.Sum(items => items.Sum()), "a", "b", "c")
            .Add("none", () => (IAsyncEnumerable<int>)null!);

        var result = await RunAsync(dag);

        Assert.Equal((18, null), (result.Outputs["sum"], result.Outputs["none"]));
        Assert.Equal(3, _reads);
        Assert.Equal(typeof(int[]), dag.Nodes[0].Code!.Signatures[0].OutputType);
    }

    [Fact]
    public async Task An_asynchronous_one_gets_the_token_of_its_node_and_what_it_throws_fails_it()
    {
        static async IAsyncEnumerable<int> Forever([EnumeratorCancellation] CancellationToken token = default)
        {
            yield return 1;
            await Task.Delay(Timeout.Infinite, token);
        }

        static async IAsyncEnumerable<int> Breaks()
        {
            yield return 1;
            await Task.Yield();
            throw new InvalidOperationException("half way");
        }

        var settings = new NodeSettings { Timeout = TimeSpan.FromMilliseconds(50) };
        var late = await RunAsync(new Dag("d").Add(new DagNode("a", MethodCode.From(() => Forever()), settings), null));
        var broken = await RunAsync(new Dag("d").Add("a", () => Breaks()));

        Assert.Equal(DagRunStatus.Failed, late.Status);
        Assert.Equal(("a", "half way"), (broken.FailedNode, broken.Error));
    }

    [Fact]
    public async Task What_it_throws_fails_its_node()
    {
        static IEnumerable<int> Breaks()
        {
            yield return 1;
            throw new InvalidOperationException("half way");
        }

        var result = await RunAsync(new Dag("d").Add("a", () => Breaks()).Add("b", (IEnumerable<int> a) => a.Count(), "a"));

        Assert.Equal(("a", "half way"), (result.FailedNode, result.Error));
    }

    [Fact]
    public async Task One_without_an_end_ends_with_the_time_of_its_node()
    {
        static IEnumerable<int> Forever()
        {
            while (true)
                yield return 0;
        }

        var settings = new NodeSettings { Timeout = TimeSpan.FromMilliseconds(50) };
        var code = MethodCode.From(() => Forever().Where(number => number == 1));
        var result = await RunAsync(new Dag("d").Add(new DagNode("a", code, settings), null));

        Assert.Equal(DagRunStatus.Failed, result.Status);
    }

    [Fact]
    public async Task A_class_that_a_node_declares_stays_what_it_is()
    {
        var result = await RunAsync(new Dag("d").Add("a", () => new Rows()).Add("b", (Rows a) => a.Name, "a"));

        Assert.Equal("rows", result.Outputs["b"]);
    }

    [Fact]
    public async Task Source_input_is_read_once_too_also_by_label()
    {
        var dag = new Dag("d").Add("a", (IEnumerable<int> numbers) => numbers.Sum()).Add("b", (IEnumerable<int> numbers) => numbers.Sum());
        var byName = new OrderedDictionary { ["numbers"] = Numbers() };
        var byLabel = new OrderedDictionary { ["a"] = new Hashtable { ["numbers"] = Numbers() }, ["numbers"] = new[] { 1 } };

        var result = await new DagRunner(dag, _store, new DagRunOptions { SourceInput = byName }).RunAsync().Soon();
        var other = await new DagRunner(dag, _store).RunAsync(byLabel).Soon();

        Assert.Equal((6, 6, 6, 1), (result.Outputs["a"], result.Outputs["b"], other.Outputs["a"], other.Outputs["b"]));
        Assert.Equal(2, _reads);
        Assert.Contains("[1,2,3]", _store.GetInput(_store.NodeRuns("a")[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Source_input_that_is_in_itself_is_given_as_it_is()
    {
        var round = new Hashtable();
        round["me"] = round;

        var result = await new DagRunner(new Dag("d").Add("a", (Hashtable p) => p.Count)).RunAsync(new Hashtable { ["p"] = round }).Soon();

        Assert.Equal(1, result.Outputs["a"]);
    }

    private IEnumerable<int> Numbers()
    {
        _reads++;
        for (var number = 1; number < 4; number++)
            yield return number;
    }

    private async IAsyncEnumerable<int> NumbersAsync()
    {
        await Task.Yield();
        foreach (var number in Numbers())
            yield return number;
    }

    private Task<DagRunResult> RunAsync(Dag dag) => new DagRunner(dag, _store).RunAsync().Soon();

    private sealed class Rows : IEnumerable<int>
    {
        public string Name { get; } = "rows";

        public IEnumerator<int> GetEnumerator() => throw new InvalidOperationException("read");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
