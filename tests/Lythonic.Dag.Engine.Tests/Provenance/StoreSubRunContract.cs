using System.Text;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Tests.Contract;

/// <summary>What every store does with the sub-runs of composite nodes. Each implementation runs it.</summary>
public abstract class StoreSubRunContract : StoreContract
{
    [Fact]
    public async Task A_sub_run_whose_sink_was_omitted_is_there_without_an_output()
    {
        var run = Begin("r1");
        var sub = Store.CreateRun(Sub("s1", run, 0));
        End(Store.StartNode(sub, new NodeStart(0, 1, At, [new NodeInput("v", new("1"))])), NodeStatus.Omitted);
        Store.EndRun(sub, new RunEnd(DagRunStatus.Completed, At));
        await Store.FlushAsync();

        Assert.Null(Assert.Single(Store.GetSubRunOutputs(Found("r1"), "m")).Output);
        Assert.Equal("""{"v":1}""", Assert.Single(Store.GetSubRunInputs(Found("r1"), "m")).Input);
    }

    [Fact]
    public async Task What_comes_of_a_sub_run_after_the_end_of_the_run_around_it_changes_nothing()
    {
        var run = Begin("r1");
        var sub = Store.CreateRun(Sub("s1", run, 0));
        Store.EndRun(run, new RunEnd(DagRunStatus.Failed, At));

        Store.StartNode(sub, new NodeStart(0, 1, At, null));
        Store.EndRun(sub, new RunEnd(DagRunStatus.Completed, At));
        await Store.FlushAsync();

        Assert.NotEqual(DagRunStatus.Completed, Found("s1").Status);
        Assert.Empty(Store.GetNodeRuns(Found("s1")));
    }

    [Fact]
    public async Task What_elements_were_given_at_their_latest_attempts_comes_in_their_order_however_they_ended()
    {
        var run = Begin("r1");
        foreach (var ordinal in (int[])[1, 0])
        {
            var sub = Store.CreateRun(Sub($"s{ordinal}", run, ordinal));
            End(Store.StartNode(sub, new NodeStart(0, 1, At, [new NodeInput("v", new("8"))])), NodeStatus.Failed);
            End(Store.StartNode(sub, new NodeStart(0, 2, At, [new NodeInput("v", new($"{ordinal}"))])),
                ordinal == 1 ? NodeStatus.Failed : NodeStatus.Completed, ordinal == 1 ? null : new("1"));
            Store.EndRun(sub, new RunEnd(ordinal == 1 ? DagRunStatus.Failed : DagRunStatus.Completed, At));
        }

        await Store.FlushAsync();

        Assert.Equal([(0, """{"v":0}"""), (1, """{"v":1}""")], Store.GetElementInputs(Found("r1"), "m"));
    }

    [Fact]
    public async Task Sub_runs_are_given_in_the_order_of_their_elements_with_what_they_gave()
    {
        var run = Begin("r1");
        foreach (var ordinal in (int[])[2, 0, 1])
        {
            var sub = Store.CreateRun(Sub($"s{ordinal}", run, ordinal));
            End(Store.StartNode(sub, new NodeStart(0, 1, At, null)), ordinal == 1 ? NodeStatus.Failed : NodeStatus.Completed,
                ordinal == 1 ? null : new($"{ordinal}0"));
            Store.EndRun(sub, new RunEnd(ordinal == 1 ? DagRunStatus.Failed : DagRunStatus.Completed, At,
                Error: $"e{ordinal}") { Errors = new ErrorCounts(ordinal) });
        }

        await Store.FlushAsync();
        var stored = Found("r1");

        Assert.Equal(["s0", "s1", "s2"], Store.GetSubRuns(stored, "m").Select(sub => sub.RunId));
        Assert.Equal(["s1"], Store.GetSubRuns(stored, "m", unfinished: true).Select(sub => sub.RunId));
        Assert.Empty(Store.GetSubRuns(stored, "z"));
        Assert.Equal(("r1", "m", "k1", 1, "b"), Store.GetSubRuns(stored, "m")
            .Select(sub => (sub.ParentRunId, sub.ParentNode, sub.ElementKey, sub.Ordinal, sub.Branch)).ElementAt(1));
        Assert.Equal(
            [("k0", "id0", "00"), ("k2", "id2", "20")],
            Store.GetSubRunOutputs(stored, "m").Select(output => (output.ElementKey, output.ElementId, Store.GetText(output.Output!))));
        Assert.Equal((2, "m[k2]/e2"), (Store.GetSubRunErrors(stored, "m").Errors.All, Store.GetSubRunErrors(stored, "m").First));
    }

    [Fact]
    public async Task The_first_sub_runs_that_failed_are_given_in_the_order_of_their_elements()
    {
        var run = Begin("r1");
        foreach (var ordinal in (int[])[3, 0, 2, 1])
            Store.EndRun(
                Store.CreateRun(Sub($"s{ordinal}", run, ordinal)),
                new RunEnd(ordinal == 0 ? DagRunStatus.Cancelled : DagRunStatus.Failed, At, Error: $"e{ordinal}"));
        await Store.FlushAsync();

        Assert.Equal(["s1", "s2"], Store.GetFailedSubRuns(Found("r1"), "m", 2).Select(sub => sub.RunId));
        Assert.Empty(Store.GetFailedSubRuns(Found("r1"), "z", 2));
    }

    [Fact]
    public async Task What_sub_runs_gave_that_completed_is_read_one_by_one_too()
    {
        var run = Begin("r1");
        var large = $"\"{new string('x', 5_000)}\"";
        foreach (var (ordinal, output) in new[] { (0, "\"é\""), (1, null), (2, large), (3, "8") })
        {
            var start = Sub($"s{ordinal}", run, ordinal);
            var sub = Store.CreateRun(ordinal == 3 ? start with { ElementKey = "3", ElementId = null, Branch = null } : start);
            End(Store.StartNode(sub, new NodeStart(0, 1, At, null)), output is null ? NodeStatus.Omitted : NodeStatus.Completed,
                output is null ? null : new(output));
            Store.EndRun(sub, new RunEnd(DagRunStatus.Completed, At));
        }

        await Store.FlushAsync();
        var read = new List<(string?, string?, string?, string?)>();
        Store.ReadCompleted(Found("r1"), "m", sub => read.Add((
            sub.ElementKey ?? $"{sub.Ordinal}", sub.ElementId, sub.Branch,
            sub.Apart is { } apart ? Store.GetText(apart) : sub.Output.Length == 0 ? null : Encoding.UTF8.GetString(sub.Output))));

        Assert.Equal(
            [("k0", "id0", "b", "\"é\""), ("k1", "id1", "b", null), ("k2", "id2", "b", large), ("3", null, null, "8")],
            read.OrderBy(sub => sub.Item1 == "3").ThenBy(sub => sub.Item1));
    }

    [Fact]
    public async Task A_sub_run_that_goes_on_is_there_once()
    {
        var run = Begin("r1");
        var sub = Store.CreateRun(Sub("s1", run, 0));
        Store.EndRun(sub, new RunEnd(DagRunStatus.Failed, At, "x", "no"));
        Store.EndRun(run, new RunEnd(DagRunStatus.Failed, At, "m", "no"));
        await Store.FlushAsync();

        var again = Store.ClaimRun("r1", Shape);
        var resumed = Store.ResumeRun(Found("s1"), again, Inner);
        await Store.FlushAsync();
        Assert.Equal((DagRunStatus.Running, DagRunStatus.Running), (Found("r1").Status, Found("s1").Status));
        Assert.Equal((null, null, null), (Found("s1").FailedNode, Found("s1").Error, Found("s1").FinishedAt));

        Store.EndRun(resumed, new RunEnd(DagRunStatus.Completed, At));
        Store.EndRun(again, new RunEnd(DagRunStatus.Completed, At));
        await Store.FlushAsync();
        Assert.Equal(DagRunStatus.Completed, Assert.Single(Store.GetSubRuns(Found("r1"), "m")).Status);
    }
}
