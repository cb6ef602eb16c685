using Lythonic.Dag.Execution;

namespace Lythonic.Dag;

/// <summary>What a run, a restart or a replay would do, and the way to do just that.</summary>
public sealed class RunPlan
{
    private readonly DagRunner _runner;
    private readonly Lazy<IReadOnlyList<PlannedNode>> _nodes;

    internal RunPlan(
        DagRunner runner, PreparedRun prepared, Func<IReadOnlyList<PlannedNode>> nodes, IReadOnlyList<string> unusedInput)
    {
        _runner = runner;
        _nodes = new(nodes);
        Prepared = prepared;
        UnusedInput = unusedInput;
    }

    /// <summary>What is done with each node, and why.</summary>
    /// <remarks>What it says of outputs that are taken over is looked up when it is first asked for.</remarks>
    public IReadOnlyList<PlannedNode> Nodes => _nodes.Value;

    /// <summary>The labels of nodes that are given source input now and do not run again, so that it is not used.</summary>
    public IReadOnlyList<string> UnusedInput { get; }

    internal PreparedRun Prepared { get; }

    /// <summary>Does it. A plan can be executed again only where its run can be.</summary>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="DagException">The run has been taken up or removed since, or the store cannot be used.</exception>
    public Task<DagRunResult> ExecuteAsync(CancellationToken cancellationToken = default) => _runner.ExecuteAsync(this, cancellationToken);
}
