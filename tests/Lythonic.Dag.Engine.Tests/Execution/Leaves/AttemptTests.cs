using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

public sealed class AttemptTests
{
    private sealed class OwnContext : DagContext;

    [Fact]
    public async Task A_node_that_has_asked_for_its_attempt_is_in_the_store_whatever_happens_next()
    {
        using var store = new MemoryProvenance { IsBuffered = true };
        var dag = new Dag("d").Add("a", (DagContext context) => StoredAttempt(store, context, context.Attempt));

        Assert.Equal(1, (await new DagRunner(dag, store).RunAsync().Soon()).Outputs["a"]);
    }

    [Fact]
    public async Task A_context_of_an_own_class_keeps_that_too()
    {
        using var store = new MemoryProvenance { IsBuffered = true };
        var dag = new Dag("d").Add("a", (OwnContext context) => StoredAttempt(store, context, context.Attempt));

        Assert.Equal(1, (await new DagRunner(dag, store).RunAsync().Soon()).Outputs["a"]);
    }

    [Fact]
    public async Task A_node_that_does_not_ask_waits_for_nothing()
    {
        using var store = new MemoryProvenance { IsBuffered = true };
        var dag = new Dag("d").Add("a", (DagContext context) => StoredAttempt(store, context, 0));

        Assert.Equal(0, (await new DagRunner(dag, store).RunAsync().Soon()).Outputs["a"]);
    }

    [Fact]
    public async Task A_retry_that_asks_is_told_the_next_number()
    {
        using var store = new MemoryProvenance { IsBuffered = true };
        var code = MethodCode.From((DagContext context) =>
            context.Attempt < 3 ? throw new InvalidOperationException("no") : StoredAttempt(store, context, context.Attempt));
        var dag = new Dag("d").Add(new DagNode("a", code, new NodeSettings { Retry = new RetryPolicy { Count = 3 } }));

        Assert.Equal(3, (await new DagRunner(dag, store).RunAsync().Soon()).Outputs["a"]);
    }

    // The number of node runs that a crash now would leave of the node, up to this attempt.
    private static int StoredAttempt(MemoryProvenance store, DagContext context, int asked)
    {
        var stored = store.GetNodeRuns(store.FindRun(context.RunId)!, allAttempts: true);
        Assert.Equal(asked, stored.Select(node => node.Attempt).DefaultIfEmpty(0).Max());
        return asked;
    }
}
