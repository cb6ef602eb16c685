using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

public sealed class NestingTests : IDisposable
{
    private const int Depth = 5;

    private readonly MemoryProvenance _store = new();
    private int _inFlight;
    private int _most;
    private int _leaves;
    private Func<int, int, int> _leaf = (_, value) => value + 1;

    public static TheoryData<int, NodeKind> Shapes => new()
    {
        { 1, NodeKind.Map }, { 1, NodeKind.Call }, { 1, NodeKind.Switch },
        { 8, NodeKind.Map }, { 8, NodeKind.Call }, { 8, NodeKind.Switch },
    };

    public void Dispose() => _store.Dispose();

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Every_nesting_of_map_call_and_switch_five_deep_completes_within_the_throttle(int throttle, NodeKind outer)
    {
        foreach (var inner in Nestings(Depth - 1))
        {
            NodeKind[] kinds = [outer, .. inner];
            (_most, _leaves) = (0, 0);

            var result = await new DagRunner(Nested(kinds), null, new DagRunOptions { ThrottleLimit = throttle }).RunAsync().Soon();

            Assert.Equal((string.Join('>', kinds), DagRunStatus.Completed), (string.Join('>', kinds), result.Status));
            var maps = kinds.Count(kind => kind == NodeKind.Map);
            Assert.Equal(1 << maps, _leaves);
            Assert.InRange(_most, 1, throttle);
            Assert.Equal(1 << maps, Numbers(result.Outputs["inside"]).Count(number => number == 2));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_pause_travels_out_of_every_nesting_and_back_into_it_on_restart(int throttle, NodeKind outer)
    {
        foreach (var inner in Nestings(Depth - 1))
        {
            NodeKind[] kinds = [outer, .. inner];
            (_leaves, _leaf) = (0, (call, value) => call == 1 ? throw new DagPauseException("deep") : value + 1);
            var options = new DagRunOptions { ThrottleLimit = throttle };

            var paused = await new DagRunner(Nested(kinds), _store, options).RunAsync().Soon();
            var before = _leaves;
            var result = await new DagRunner(Nested(kinds), _store, options).RestartAsync(paused.RunId).Soon();

            Assert.Equal((string.Join('>', kinds), DagRunStatus.Paused, "deep"), (string.Join('>', kinds), paused.Status, paused.Error));
            Assert.Equal(DagRunStatus.Completed, result.Status);
            var leaves = 1 << kinds.Count(kind => kind == NodeKind.Map);
            Assert.Equal(leaves, Numbers(result.Outputs["inside"]).Count(number => number == 2));
            Assert.InRange(_leaves - before, 1, leaves);
            Assert.Equal(leaves, _leaves - 1);
        }
    }

    [Fact]
    public async Task A_cancel_travels_out_of_any_depth_and_a_restart_goes_on_inside()
    {
        using var cancel = new CancellationTokenSource();
        _leaf = (call, value) =>
        {
            if (call > 1)
                return value + 1;
            cancel.Cancel();
            throw new OperationCanceledException(cancel.Token);
        };
        NodeKind[] kinds = [NodeKind.Map, NodeKind.Switch, NodeKind.Call, NodeKind.Map, NodeKind.Call];
        var options = new DagRunOptions { ThrottleLimit = 1 };

        var cancelled = await new DagRunner(Nested(kinds), _store, options).RunAsync(cancellationToken: cancel.Token).Soon();
        var statuses = _store.FindRuns(new() { IncludeSubRuns = true }).Select(run => run.Status).Distinct().ToList();
        var result = await new DagRunner(Nested(kinds), _store, options).RestartAsync(cancelled.RunId).Soon();

        Assert.Equal(DagRunStatus.Cancelled, cancelled.Status);
        Assert.Equal([DagRunStatus.Cancelled], statuses);
        Assert.Equal([2, 2, 2, 2], Numbers(result.Outputs["inside"]));
    }

    private static IEnumerable<NodeKind[]> Nestings(int depth) => depth == 0
        ? [[]]
        : Nestings(depth - 1)
            .SelectMany(inner => new[] { NodeKind.Map, NodeKind.Call, NodeKind.Switch }.Select(kind => (NodeKind[])[kind, .. inner]));

    private static IEnumerable<int> Numbers(object? value) =>
        value is object?[] list ? list.SelectMany(Numbers) : [Convert.ToInt32(value, null)];

    private Dag Nested(ReadOnlySpan<NodeKind> kinds)
    {
        var dag = new Dag("level");
        if (kinds.IsEmpty)
            return dag.Add("leaf", Leaf);
        dag.Add("pass", (int value) => value);
        var inner = Nested(kinds[1..]);
        if (kinds[0] == NodeKind.Map)
            return dag.Add("two", (int value) => new[] { value, value }, "pass").Add(DagNode.Map("inside", new SubDags(inner)), ["two"]);
        return dag.Add(
            kinds[0] == NodeKind.Call
                ? DagNode.Call("inside", inner)
                : DagNode.Switch("inside", new SubDags([new("only", inner)], new NodePredicate(MethodCode.From((int _) => "only")))),
            ["pass"]);
    }

    private Dag Nested(NodeKind[] kinds)
    {
        var dag = Nested(kinds.AsSpan());
        var root = new Dag("root");
        foreach (var node in dag.Nodes)
            root.Add(node.Label == "pass" ? new DagNode("pass", MethodCode.From(() => 1)) : node,
                dag.Edges.Where(edge => edge.To == node.Label).Select(edge => edge.From));
        return root;
    }

    private int Leaf(int value)
    {
        var now = Interlocked.Increment(ref _inFlight);
        InterlockedMax(now);
        var call = Interlocked.Increment(ref _leaves);
        try
        {
            return _leaf(call, value);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private void InterlockedMax(int now)
    {
        for (var seen = _most; now > seen; seen = _most)
            Interlocked.CompareExchange(ref _most, now, seen);
    }
}
