using System.Collections.Concurrent;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Nodes of which one breaks, closing nodes that say what they see, and what has run.</summary>
public abstract class ClosingScenario : IDisposable
{
    private protected MemoryProvenance Store { get; } = new();

    private protected ConcurrentQueue<string> Ran { get; } = [];

    private protected bool Broken { get; set; } = true;

    public void Dispose()
    {
        Store.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static NodeSettings Always { get; } = new() { When = NodeWhen.Always };

    private protected static NodeSettings Never { get; } = new() { If = new NodePredicate(MethodCode.From(() => false)) };

    private protected static DagNode Node(string label, Delegate code, NodeWhen when) =>
        new(label, MethodCode.From(code), new NodeSettings { When = when });

    private protected static async Task Forever(DagContext context) =>
        await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken).ConfigureAwait(false);

    private protected static IEnumerable<Upstream> Entries(DagContext context) =>
        context.Upstreams.Keys.Cast<string>().Select(label => new Upstream(label, (UpstreamEnd)context.Upstreams[label]!));

    private protected static int Fail() => throw new InvalidOperationException("fails");

    private protected int Break() => Broken ? throw new InvalidOperationException("no") : 1;

    private protected void Say(DagContext context)
    {
        var ends = Entries(context).Select(entry => $"{entry.Label} {entry.End} {ErrorOf(entry.End)}".Trim());
        Ran.Enqueue($"{context.NodeLabel}: {string.Join(", ", ends)}");
    }

    private protected static string? ErrorOf(UpstreamEnd end) => (end.Error as Exception)?.Message ?? end.Error?.ToString();

    private protected string? InputOf(string label) => Store.GetInput(Store.NodeRuns(label)[^1]);

    private protected Task<DagRunResult> RunAsync(Dag dag) => new DagRunner(dag, Store).RunAsync().Soon();

    private protected Task<DagRunResult> RestartAsync(Dag dag, DagRunResult run) =>
        new DagRunner(dag, Store).RestartAsync(run.RunId).Soon();

    private protected sealed record Upstream(string Label, UpstreamEnd End);
}
