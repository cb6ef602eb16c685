using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Tests.Contract;

/// <summary>How every store that keeps runs finds outputs that may be reused. Each implementation runs it.</summary>
public abstract class ReuseContract
{
    private static readonly DateTimeOffset At = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly DagDefinition Shape = new(
        "d",
        "F",
        [
            new NodeDefinition("a", NodeKind.ScriptBlock, true, false, "fa"),
            new NodeDefinition("z", NodeKind.ScriptBlock, false, true, "fz"),
        ],
        [("a", "z")]);

    protected abstract DagProvenance Store { get; }

    [Fact]
    public async Task An_output_is_found_by_its_key_with_when_and_where_its_code_ran()
    {
        await KeepAsync("r1", "K", "[1]", At);

        var found = Store.FindReuse("K")!;

        Assert.Equal(("[1]", At, "r1"), (Store.GetText(found.Output), found.RanAt, found.RanIn));
        Assert.Null(Store.FindReuse("L"));
    }

    [Fact]
    public async Task Of_several_the_one_is_found_whose_code_ran_last()
    {
        await KeepAsync("r1", "K", "1", At.AddHours(2));
        await KeepAsync("r2", "K", "2", At);

        Assert.Equal("r1", Store.FindReuse("K")!.RanIn);
    }

    [Fact]
    public async Task What_ran_before_a_time_is_not_found()
    {
        await KeepAsync("r1", "K", "1", At);

        Assert.NotNull(Store.FindReuse("K", At.AddSeconds(-1)));
        Assert.Null(Store.FindReuse("K", At.AddSeconds(1)));
    }

    [Fact]
    public async Task What_was_reused_is_found_with_the_run_in_which_the_code_ran_when_that_is_removed()
    {
        await KeepAsync("r1", "K", "1", At);
        await KeepAsync("r2", "K", "1", At, ranIn: "r1");
        Store.RemoveRuns(["r1"]);

        Assert.Equal("r1", Store.FindReuse("K")!.RanIn);
        Assert.Equal("r1", Store.GetNodeRuns(Store.FindRun("r2")!)[0].ReusedFrom);
    }

    [Fact]
    public async Task What_is_removed_is_not_found()
    {
        await KeepAsync("r1", "K", "1", At);
        Store.RemoveRuns(["r1"]);

        Assert.Null(Store.FindReuse("K"));
    }

    [Fact]
    public async Task A_sub_run_is_found_by_the_output_of_its_sink_with_its_branch()
    {
        Store.EnsureWritable();
        var root = Store.CreateRun(new RunStart("r1", "d", Shape, At));
        var run = Store.CreateRun(new RunStart("s1", "d/a[0]", Shape, At) { Parent = root, ParentNode = "a", Branch = "b" });
        Store.EndNode(Store.StartNode(run, new NodeStart(0, 1, At, null)), new NodeEnd(NodeStatus.Completed, At, new("1")));
        Store.EndNode(Store.StartNode(run, new NodeStart(1, 1, At, null)), new NodeEnd(NodeStatus.Failed, At));
        Store.EndNode(Store.StartNode(run, new NodeStart(1, 2, At, null)), new NodeEnd(NodeStatus.Completed, At, new("2")));
        Store.EndRun(run, new RunEnd(DagRunStatus.Completed, At) { Reuse = Record("K", At, null) with { Code = [], Inputs = [] } });
        await Store.FlushAsync();

        var found = Store.FindReuse("K")!;

        Assert.Equal(("2", "s1", "b"), (Store.GetText(found.Output), found.RanIn, found.Branch));
    }

    [Fact]
    public async Task What_the_newest_of_a_node_was_compared_by_comes_back()
    {
        await KeepAsync("r1", "K", "1", At);

        Assert.Equal([new ReusePart("its code", "C"), new ReusePart("the input", "I")], Store.GetReuseParts("d", "a")!);
        Assert.Null(Store.GetReuseParts("d", "z"));
    }

    protected async Task KeepAsync(string runId, string key, string output, DateTimeOffset ranAt, string? ranIn = null)
    {
        Store.EnsureWritable();
        var run = Store.CreateRun(new RunStart(runId, "d", Shape, At));
        var status = ranIn is null ? NodeStatus.Completed : NodeStatus.Skipped;
        Store.EndNode(
            Store.StartNode(run, new NodeStart(0, 1, At, null)),
            new NodeEnd(status, At, new EncodedValue(output)) { ReusedFrom = ranIn, Reuse = Record(key, ranAt, ranIn) });
        Store.EndRun(run, new RunEnd(DagRunStatus.Completed, At));
        await Store.FlushAsync();
    }

    private static ReuseRecord Record(string key, DateTimeOffset ranAt, string? ranIn) =>
        new(key, "code", [new("its code", "C")], [new("the input", "I")], ranAt, ranIn);
}
