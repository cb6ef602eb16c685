using System.Collections;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

public sealed class SwitchTests : IDisposable
{
    private readonly MemoryProvenance _store = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(5, "odd 5")]
    [InlineData(6, "even 6")]
    [InlineData(0, "other 0")]
    public async Task The_branch_that_By_returns_runs_or_the_default(int value, string expected)
    {
        var by = new NodePredicate(MethodCode.From((int given) => given == 0 ? "zero" : given % 2 == 0 ? "even" : "ODD"));
        var dag = new Dag("d").Add("pick", () => value);
        dag.Add(DagNode.Switch("route", Branches(by)), ["pick"]);

        var result = await new DagRunner(dag, _store).RunAsync().Soon();

        Assert.Equal(expected, result.Outputs["route"]);
        Assert.Contains($"d/route[{expected.Split(' ')[0].Replace("other", "default", StringComparison.Ordinal)}]:b", _store.Completions);
    }

    [Fact]
    public async Task A_key_in_the_value_picks_the_branch_and_the_value_of_the_upstream_is_not_changed()
    {
        var given = new Hashtable { ["__switch__"] = "all", ["x"] = 1 };
        var dag = new Dag("d").Add("pick", () => given);
        dag.Add(DagNode.Switch(
            "route", new SubDags([new("all", Graphs.One("b", (Hashtable rest) => string.Join(',', rest.Keys.Cast<string>())))])), ["pick"]);
        dag.Add("see", (Hashtable all) => all.Count, "pick");

        var result = await new DagRunner(dag, _store).RunAsync().Soon();

        Assert.Equal("x", result.Outputs["route"]);
        Assert.Equal(2, result.Outputs["see"]);
    }

    [Fact]
    public async Task A_branch_that_does_not_exist_is_an_error_that_lists_those_that_do()
    {
        var dag = new Dag("d").Add("pick", () => new object[] { "none", 1 });
        dag.Add(DagNode.Switch("route",
            new SubDags([new("a", Graphs.One("b", (int value) => value)), new("c", Graphs.One("b", (int value) => value))])), ["pick"]);

        var result = await new DagRunner(dag, _store).RunAsync().Soon();

        Assert.Equal(DagRunStatus.Failed, result.Status);
        Assert.Contains("'none'", result.Error, StringComparison.Ordinal);
        Assert.Contains("'a', 'c'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_gives_a_branch_the_same_value_as_before()
    {
        var broken = true;
        var inner = new Dag("b").Add("gate", (int value) => broken ? throw new DagPauseException("wait") : value);
        var dag = new Dag("d").Add("pick", () => new object[] { "big", 5 });
        dag.Add(DagNode.Switch("route", new SubDags([new("big", inner)])), ["pick"]);
        var paused = await new DagRunner(dag, _store).RunAsync().Soon();
        broken = false;

        var result = await new DagRunner(dag, _store).RestartAsync(paused.RunId).Soon();

        Assert.Equal(5, result.Outputs["route"]);
    }

    [Theory]
    [InlineData("odd", "odd 5", 1)]
    [InlineData("even", "even 5", 2)]
    public async Task A_restart_asks_By_again_and_goes_on_in_the_branch_that_it_says_now(string now, string expected, int subRuns)
    {
        var (says, broken, first) = ("odd", true, 0);
        var odd = new Dag("odd").Add("a", (int value) => first += value)
            .Add("b", (int a) => broken ? throw new InvalidOperationException("no") : $"odd {a}", "a");
        var branches = new SubDags([new("odd", odd), new("even", Graphs.One("b", (int value) => $"even {value}"))],
            new NodePredicate(MethodCode.From((int _) => says)));
        var dag = new Dag("d").Add("pick", () => 5);
        dag.Add(DagNode.Switch("route", branches), ["pick"]);
        var failed = await new DagRunner(dag, _store).RunAsync().Soon();
        (says, broken) = (now, false);

        var result = await new DagRunner(dag, _store).RestartAsync(failed.RunId).Soon();

        Assert.Equal(expected, result.Outputs["route"]);
        Assert.Equal(5, first);
        Assert.Equal(subRuns, _store.GetSubRuns(_store.FindRun(failed.RunId)!, "route").Count());
    }

    [Fact]
    public async Task A_map_of_branches_routes_every_element()
    {
        var by = new NodePredicate(MethodCode.From((int given) => given == 0 ? "zero" : given % 2 == 0 ? "even" : "odd"));
        var dag = new Dag("d").Add("list", () => new[] { 1, 0, 2, 1 });
        dag.Add(DagNode.Map("map", Branches(by)), ["list"]);

        var result = await new DagRunner(dag, _store, new DagRunOptions { ThrottleLimit = 1 }).RunAsync().Soon();

        Assert.Equal(["odd 1", "other 0", "even 2", "odd 1"], (object[])result.Outputs["map"]!);
    }

    [Fact]
    public async Task A_By_that_fails_fails_the_element_and_names_it()
    {
        var by = new NodePredicate(
            MethodCode.From(string (int given) => given == 2 ? throw new InvalidOperationException("cannot say") : "odd"));
        var dag = new Dag("d").Add("list", () => new[] { 1, 2 });
        dag.Add(DagNode.Map("map", Branches(by)), ["list"]);

        var result = await new DagRunner(dag, _store, new DagRunOptions { ThrottleLimit = 1 }).RunAsync().Soon();

        Assert.Equal("map[1]: cannot say (value 2)", result.Error);
    }

    [Fact]
    public async Task An_element_whose_By_failed_has_its_sub_run_with_the_error_and_goes_on_in_it_once_By_is_mended()
    {
        var mended = false;
        var by = new NodePredicate(
            MethodCode.From(string (int given) =>
                given == 2 && !mended ? throw new InvalidOperationException("cannot say") : given == 3 && !mended ? "gone" : "odd"));
        var dag = new Dag("d").Add("list", () => new[] { 1, 2, 3 });
        dag.Add(DagNode.Map("map", new SubDags([new("odd", Graphs.One("b", (int value) => $"odd {value}"))], by)), ["list"]);
        var failed = await new DagRunner(dag, _store, new DagRunOptions { ContinueOnFailure = true }).RunAsync().Soon();
        var stored = _store.GetSubRuns(_store.FindRun(failed.RunId)!, "map").Select(subRun => (subRun.Path, subRun.Status, subRun.Error))
            .ToList();
        mended = true;

        var result = await new DagRunner(dag, _store).RestartAsync(failed.RunId).Soon();

        Assert.Equal(("d/map[1]", DagRunStatus.Failed, "cannot say"), stored[1]);
        Assert.Equal(DagRunStatus.Failed, stored[2].Status);
        Assert.Contains("has no branch 'gone'", stored[2].Error, StringComparison.Ordinal);
        var whole = _store.GetNodeRuns(_store.FindRun(failed.RunId)!, allAttempts: true).First(node => node.Label == "map").Error;
        Assert.Contains("map[2]: It has no branch 'gone'", whole, StringComparison.Ordinal);
        Assert.Equal(["odd 1", "odd 2", "odd 3"], (object[])result.Outputs["map"]!);
        Assert.All(_store.GetSubRuns(_store.FindRun(failed.RunId)!, "map"),
            subRun => Assert.Equal((DagRunStatus.Completed, "odd"), (subRun.Status, subRun.Branch)));
        Assert.Equal(3, _store.GetSubRuns(_store.FindRun(failed.RunId)!, "map").Count());
    }

    [Theory]
    [InlineData(2, 2, "odd 5")]
    [InlineData(1, 2, null)]
    [InlineData(2, 1, "odd 5")]
    public async Task Retries_cover_By_and_the_sub_run_together(int retries, int failures, string? expected)
    {
        var attempts = new List<int>();
        var by = new NodePredicate(MethodCode.From(string (int _, DagContext context) =>
        {
            attempts.Add(context.Attempt);
            return attempts.Count <= failures ? throw new InvalidOperationException("not yet") : "odd";
        }));
        var dag = new Dag("d").Add("pick", () => 5);
        var calls = 0;
        var odd = Graphs.One("b", (int value) => calls++ < retries - failures ? throw new InvalidOperationException("no") : $"odd {value}");
        dag.Add(DagNode.Switch(
            "route", new SubDags([new("odd", odd)], by), new NodeSettings { Retry = new RetryPolicy { Count = retries } }), ["pick"]);

        var result = await new DagRunner(dag, _store).RunAsync().Soon();

        Assert.Equal(expected, result.Outputs["route"]);
        Assert.Equal(Enumerable.Range(1, Math.Min(retries, failures) + 1), attempts);
    }

    [Fact]
    public async Task A_By_that_pauses_pauses_the_run_and_is_asked_again()
    {
        var asked = 0;
        var by = new NodePredicate(
            MethodCode.From((int _) => Interlocked.Increment(ref asked) == 1 ? throw new DagPauseException("which?") : "odd"));
        var dag = new Dag("d").Add("pick", () => 5);
        dag.Add(DagNode.Switch("route", Branches(by)), ["pick"]);
        var paused = await new DagRunner(dag, _store).RunAsync().Soon();

        var result = await new DagRunner(dag, _store).RestartAsync(paused.RunId).Soon();

        Assert.Equal((DagRunStatus.Paused, "which?"), (paused.Status, paused.Error));
        Assert.Equal(NodeStatus.Paused, paused.Nodes[1].Status);
        Assert.Equal("odd 5", result.Outputs["route"]);
    }

    private static SubDags Branches(NodePredicate by) => new(
        [
            new("odd", Graphs.One("b", (int value) => $"odd {value}")),
            new("even", Graphs.One("b", (int value) => $"even {value}")),
            new("default", Graphs.One("b", (int value) => $"other {value}")),
        ],
        by);
}
