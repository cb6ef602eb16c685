using Lythonic.Dag.Execution;

namespace Lythonic.Dag;

/// <summary>The plan of a run, a restart or a replay. It can be shown and then executed.</summary>
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
    /// <remarks>The first read looks up in the store which outputs can be reused.</remarks>
    public IReadOnlyList<PlannedNode> Nodes => _nodes.Value;

    /// <summary>The labels of nodes that were given source input but do not run again. Their input is not used.</summary>
    public IReadOnlyList<string> UnusedInput { get; }

    internal PreparedRun Prepared { get; }

    /// <summary>The run that was found and goes on; <see langword="null"/> if a new one begins, or the caller named the run.</summary>
    internal Provenance.StoredRun? Resumed { get; init; }

    /// <summary>Executes the plan. The plan of a restart can be executed again only while its run can be restarted again.</summary>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <exception cref="DagException">Since then the run was restarted or removed; or the store cannot be used.</exception>
    public Task<DagRunResult> ExecuteAsync(CancellationToken cancellationToken = default) => _runner.ExecuteAsync(this, cancellationToken);
}
