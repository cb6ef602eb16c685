using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>
/// A process dies after an upstream of a closing node ran again and completed, and before anything followed from that for the closing node,
/// which had run for the failure.
/// </summary>
public sealed class ClosingNodeRestorationTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch;

    [Theory]
    [InlineData(NodeWhen.Failed, NodeStatus.Completed, false)]
    [InlineData(NodeWhen.Failed, NodeStatus.Omitted, true)]
    [InlineData(NodeWhen.Always, NodeStatus.Completed, true)]
    public void It_is_done_only_where_that_fits_the_end_of_its_upstreams(NodeWhen when, NodeStatus status, bool isDone)
    {
        var dag = new Dag("d")
            .Add(new DagNode("a", MethodCode.From(() => 1)))
            .Add(new DagNode("c", MethodCode.From(() => 2), new NodeSettings { When = when }), ["a"]);
        var compiled = DagCompiler.Compile(dag, null, new Dictionary<string, NodeCode>(), new ClrValueConverter());
        StoredNodeRun[] stored = [Ended("a", 2, NodeStatus.Completed), Ended("c", 1, status)];

        Assert.Equal(isDone ? [0, 1] : [0], NodeRestoration.Done(compiled, stored).Order());
    }

    private static StoredNodeRun Ended(string label, int attempt, NodeStatus status) =>
        new(new StoreKey(attempt), label, NodeKind.Method, status, attempt, At, At, null, "f");
}
