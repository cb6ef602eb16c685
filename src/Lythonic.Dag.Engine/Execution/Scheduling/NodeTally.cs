using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>How often the nodes of a run were tried, how their latest attempts ended, and which conditions are met.</summary>
/// <param name="dag">The DAG.</param>
/// <param name="keepsResults">Whether results are kept: only those of the root run's nodes are needed.</param>
internal sealed class NodeTally(CompiledDag dag, bool keepsResults)
{
    private readonly int[] _attempts = new int[dag.Nodes.Length];
    private readonly NodeResult?[] _results = keepsResults ? new NodeResult?[dag.Nodes.Length] : [];
    private ErrorSum _errors;
    private int[]? _idle;
    private bool[]? _conditionsMet;

    /// <summary>
    /// Errors that nodes wrote without failing, their elements that failed, and nodes that failed without any of these. Read it under the
    /// lock, or when the run has ended.
    /// </summary>
    public ErrorCounts Errors => _errors.Total;

    /// <summary>The same of all nodes but one, whose latest attempt is not noted yet. Under the lock.</summary>
    public ErrorCounts ErrorsBut(int node) => _errors.TotalBut(node);

    /// <summary>The first of them, with its node's label; or <see langword="null"/>.</summary>
    public string? FirstError => _errors.First;

    /// <summary>How many of them are nodes that failed, or elements that made a node fail.</summary>
    public int Causes => _errors.Causes;

    /// <summary>Takes over what an earlier process recorded of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="attempts">How many attempts of it there were.</param>
    /// <param name="latest">The latest one.</param>
    /// <param name="isDone">Whether the node is done.</param>
    /// <param name="idle">How many of the attempts did not run it.</param>
    public void Restore(int node, int attempts, NodeResult latest, bool isDone, int idle)
    {
        _attempts[node] = attempts;
        if (idle > 0)
            (_idle ??= new int[dag.Nodes.Length])[node] = idle;
        if (isDone)
            Note(node, latest);
        else
            NoteErrors(node, latest);
    }

    /// <summary>Counts another attempt of a node.</summary>
    public int NextAttempt(int node) => ++_attempts[node];

    /// <summary>Takes back the latest attempt of a node, which never began.</summary>
    public void ReturnAttempt(int node) => _attempts[node]--;

    /// <summary>How often a node was tried.</summary>
    public int Attempts(int node) => _attempts[node];

    /// <summary>The number of an attempt of a node among those that ran it.</summary>
    public int TryOf(int node, int attempt) => attempt - (_idle?[node] ?? 0);

    /// <summary>Notes how an attempt of a node ended. Under the lock.</summary>
    public void Note(int node, NodeResult result)
    {
        if (keepsResults)
            _results[node] = result;
        NoteErrors(node, result);
    }

    /// <summary>A node's condition said that it runs. Under the lock.</summary>
    public void MeetCondition(int node) => (_conditionsMet ??= new bool[dag.Nodes.Length])[node] = true;

    /// <summary>Whether a node's condition has said that it runs.</summary>
    public bool IsConditionMet(int node) => _conditionsMet is { } met && met[node];

    /// <summary>The labels of the nodes whose conditions are met and that are not done, or <see langword="null"/>.</summary>
    public IReadOnlyList<string>? MetConditions(RunState state) => _conditionsMet is null
        ? null
        : [.. dag.Nodes.Where(node => _conditionsMet[node.Index] && !RunState.IsDone(state[node.Index])).Select(node => node.Label)];

    /// <summary>How the nodes ended, once the run has.</summary>
    public IReadOnlyList<NodeResult> Results(RunState state) =>
        dag.Nodes.Select(node => _results[node.Index]
            ?? new NodeResult(node.Label, node.Kind, Left(state[node.Index]), _attempts[node.Index], null, null, null)).ToArray();

    // A fault kept the end of this node from being noted.
    private static NodeStatus Left(NodeStatus status) => status == NodeStatus.Running ? NodeStatus.Cancelled : status;

    private void NoteErrors(int node, NodeResult result)
    {
        var hasFailed = result.Status == NodeStatus.Failed;
        // A node that failed and has no other error counts as one.
        var isOnlyError = hasFailed && result.Errors.All == 0;
        var errors = isOnlyError ? new(1) : result.Errors;
        _errors.Set(
            node,
            errors,
            errors.All == 0 || result.Error is null ? null : ErrorPlace.After(result.Label, result.Error),
            isOnlyError ? 1 : hasFailed ? result.Causes : 0);
    }
}
