using CsCheck;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Model;

/// <summary>
/// Runs random DAGs with composite nodes in the engine and in a simple interpreter, and compares them. The cases of a test are always the
/// same; <c>LYTHONIC_DAG_MODEL_CASES</c> says how many random cases follow.
/// </summary>
public sealed class ModelTests
{
    private const int FixedCases = 120;
    private const int MostRestarts = 200;

    private static readonly Gen<Case> Cases = Gen.Select(Gen.Int[1, 7], Gen.Int[0, 3], Gen.Int[1, 6], Gen.Int[0, 1_000_000])
        .Select((size, depth, throttle, seed) => new Case(size, depth, throttle, seed));

    [Fact]
    public async Task Failures_retries_timeouts_and_partial_failures_end_as_the_reference_says() =>
        await EachAsync(given => FailuresAsync(given, hasControl: false));

    [Fact]
    public async Task Conditions_and_closing_nodes_end_as_the_reference_says_in_failures_and_restarts() =>
        await EachAsync(given => FailuresAsync(given, hasControl: true));

    [Fact]
    public async Task Pauses_cancels_crashes_restarts_and_replays_end_with_the_outputs_of_an_undisturbed_run() =>
        await EachAsync(given => HaltsAsync(given, onHosts: false));

    [Fact]
    public async Task Conditions_and_closing_nodes_change_no_output_in_pauses_cancels_crashes_restarts_and_replays() =>
        await EachAsync(given => HaltsAsync(given, onHosts: false, hasControl: true));

    [Fact]
    public async Task Hosts_that_refuse_and_are_lost_change_neither_outputs_nor_what_is_done_once() =>
        await EachAsync(given => HaltsAsync(given, onHosts: true));

    private static async Task EachAsync(Func<Case, Task> check)
    {
        for (var index = 0; index < FixedCases; index++)
        {
            var given = Cases.Generate(new PCG((uint)index, 20_240_917), null, out _);
            try
            {
                await check(given).Soon();
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                Assert.Fail($"{given}: {error.Message}");
            }
        }

        if (int.TryParse(Environment.GetEnvironmentVariable("LYTHONIC_DAG_MODEL_CASES"), out var more))
            await Cases.SampleAsync(given => check(given).Soon(), iter: more, threads: 1);
    }

    private static async Task FailuresAsync(Case given, bool hasControl)
    {
        var random = new Random(given.Seed);
        var plan = Plan.Random(random, given.Size, given.Depth, partial: true);
        if (hasControl)
            plan = plan.WithControl(random);
        var faults = new Faults(given.Seed, halts: false);
        var reference = new Reference(faults);
        using var world = new World(plan, reference, faults);
        string? runId = null;
        for (var completed = false; !completed;)
        {
            completed = reference.Run(plan, World.RootName);
            using var process = new ModelProcess(world, given.Throttle, continueOnFailure: true);
            var result = await process.RunAsync(
                (runner, token) => runId is null ? runner.RunAsync(null, null, token) : runner.RestartAsync(runId, token));
            runId = result.RunId;
            Assert.Empty(world.Wrong);
            Assert.Equal(completed ? DagRunStatus.Completed : DagRunStatus.Failed, result.Status);
            Assert.Equal(plan.Nodes.Select(node => (node.Label, reference.Statuses[$"{World.RootName}:{node.Label}"])),
                result.Nodes.Select(node => (node.Label, node.Status)));
            Assert.Equal(reference.Statuses.OrderBy(node => node.Key), world.Store.Statuses().OrderBy(node => node.Key));
            Assert.Equal(reference.Calls.OrderBy(node => node.Key), world.Calls.OrderBy(node => node.Key));
            AssertOutputs(result, reference);
        }
    }

    private static async Task HaltsAsync(Case given, bool onHosts, bool hasControl = false)
    {
        var random = new Random(given.Seed);
        var plan = Plan.Random(random, given.Size, given.Depth, partial: false);
        if (onHosts)
            plan = plan.OnHosts(random);
        if (hasControl)
            plan = plan.WithControl(random);
        var reference = new Reference(null);
        Assert.True(reference.Run(plan, World.RootName));
        using var world = new World(plan, reference, new Faults(given.Seed, halts: true));
        string? runId = null;
        for (var restarts = 0; ; restarts++)
        {
            Assert.InRange(restarts, 0, MostRestarts);
            using var process = new ModelProcess(world, given.Throttle, random.Next(2) == 0);
            if (random.Next(2) == 0)
                process.Plan(random.Next(1, 60), Pick(random, Fault.None, Fault.None, Fault.Pause, Fault.Cancel),
                    Pick(random, 0, 1, 2, int.MaxValue));
            var result = await process.RunAsync(
                (runner, token) => runId is null ? runner.RunAsync(null, null, token) : runner.RestartAsync(runId, token));
            Assert.Empty(world.Wrong);
            if (process.IsDead)
            {
                runId = world.Store.FindRun(result.RunId) is null ? null : result.RunId;
                if (world.Store.FindRun(result.RunId) is { Status: DagRunStatus.Completed })
                    break;
                continue;
            }

            runId = result.RunId;
            AssertEnd(world, process, result);
            if (result.Status != DagRunStatus.Completed)
                continue;
            AssertOutputs(result, reference);
            break;
        }

        await ReplayAsync(world, runId!, random, given.Throttle);
    }

    private static void AssertEnd(World world, ModelProcess process, DagRunResult result)
    {
        Assert.Equal(
            result.Status == DagRunStatus.Completed, result.Nodes.All(node => node.Status is NodeStatus.Completed or NodeStatus.Omitted));
        var causes = result.Status switch
        {
            DagRunStatus.Completed => [Fault.None],
            // A closing node that pauses fails.
            DagRunStatus.Failed => [Fault.Fail, Fault.TimeOut, Fault.Refuse, Fault.Lose, Fault.Pause],
            DagRunStatus.Paused => [Fault.Pause],
            _ => (Fault[])[Fault.Cancel],
        };
        Assert.Contains(causes, cause => cause == Fault.None || process.Seen.ContainsKey(cause));
        Assert.All(result.Nodes, node => Assert.NotEqual(NodeStatus.Running, node.Status));
        Assert.All(world.Store.FindRuns(new() { IncludeSubRuns = true }), run =>
            Assert.True(run.Status is not (DagRunStatus.Running or DagRunStatus.Interrupted) || result.Status != DagRunStatus.Completed));
    }

    private static async Task ReplayAsync(World world, string runId, Random random, int throttle)
    {
        var named = world.Plan.Nodes.Where(_ => random.Next(3) == 0).Select(node => node.Label).ToHashSet();
        world.Store.ForgetDone();
        world.Asked.Clear();
        world.IsCalm = true;
        var includeDownstream = random.Next(2) == 0;
        using var process = new ModelProcess(world, throttle, false, includeDownstream);
        var result = await process.RunAsync((runner, token) => runner.ReplayAsync(runId, named, token));

        Assert.Empty(world.Wrong);
        Assert.Equal(DagRunStatus.Completed, result.Status);
        AssertOutputs(result, world.Reference);
        var again = new HashSet<string>(named);
        foreach (var node in world.Plan.Nodes.Where(
            node => includeDownstream && node.Upstreams.Any(upstream => again.Contains(world.Plan.Nodes[upstream].Label))))
            again.Add(node.Label);
        Assert.All(result.Nodes, node => Assert.Equal(
            world.Reference.Statuses[$"{World.RootName}:{node.Label}"] == NodeStatus.Omitted
                ? NodeStatus.Omitted
                : again.Contains(node.Label) ? NodeStatus.Completed : NodeStatus.Skipped,
            node.Status));
        Assert.All(process.Called.Keys, node => Assert.Contains(node[World.RootName.Length..].Split('[', ':', '/')[1], again));
    }

    private static void AssertOutputs(DagRunResult result, Reference reference) =>
        Assert.All(result.Outputs.Keys.Cast<string>(),
            label => Assert.Equal(reference.Output($"{World.RootName}:{label}"), PlanCode.Form(result.Outputs[label])));

    private static T Pick<T>(Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    private sealed record Case(int Size, int Depth, int Throttle, int Seed);
}
