using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Makes the DAG of a run whose elements come from a pipeline: an input node, and a map over its elements.</summary>
internal static class FedDag
{
    /// <summary>The label of the input node.</summary>
    public const string Input = "input";

    /// <summary>The label of the map, and of the only node of its sub-DAG.</summary>
    public const string Each = "each";

    /// <summary>The name of a DAG that nobody has named. It says nothing, so lists show the description of the run too.</summary>
    public const string DefaultName = "map";

    /// <summary>Makes the DAG.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="code">The code that runs for each element.</param>
    /// <param name="settings">The settings of the map.</param>
    /// <param name="description">What it does, or <see langword="null"/>.</param>
    /// <exception cref="DagException">The name or a setting cannot be used.</exception>
    public static Dag Create(string name, NodeCode code, NodeSettings settings, string? description = null)
    {
        var element = new Dag(Each).Add(new DagNode(Each, code, new NodeSettings { TakesElementWhole = true }));
        return new Dag(name, description)
            .Add(new DagNode(Input, InputCode.Instance))
            .Add(DagNode.Map(Each, new SubDags(element), settings), [Input]);
    }

    /// <summary>Whether nodes of these kinds make such a DAG.</summary>
    public static bool IsOf(IEnumerable<NodeKind> kinds) => kinds.Contains(NodeKind.Input);

    /// <summary>
    /// Whether nobody named the DAG of a run. Then earlier runs of that name may be those of any other line, with code of its own.
    /// </summary>
    public static bool IsUnnamed(CompiledDag dag) =>
        dag.Name == DefaultName && IsOf(dag.Nodes.Select(node => node.Kind));

    /// <summary>Whether a stored run has such a DAG.</summary>
    public static bool IsOf(StoredRun run, DagProvenance store) =>
        store.GetDefinition(run) is { } definition && IsOf(definition.Nodes.Select(node => node.Kind));

    /// <summary>The error for a run that cannot be restarted because its pipeline is gone.</summary>
    public static DagException NotRestartable(StoredRun run) => Refused(run, run.Status switch
    {
        DagRunStatus.Completed => "is completed: each element has run, and nothing is left to restart.",
        DagRunStatus.Running => "is running, and takes its elements from a pipeline.",
        _ => $"is {run.Status.ToName()}. Its elements came from a pipeline that is gone: it can be restarted only in the "
            + "session that made it, and only if it stopped after the last element had come.",
    });

    /// <summary>The error for a run that cannot be replayed because its pipeline is gone.</summary>
    public static DagException NotReplayable(StoredRun run) =>
        Refused(run, $"is {run.Status.ToName()}. Its elements came from a pipeline, and a replay cannot get them again.");

    private static DagException Refused(StoredRun run, string why) =>
        new(DagErrorId.DagRunNotRestartable, $"The run {run.RunId} {why}", run.RunId)
        {
            Remedy = run.Status == DagRunStatus.Running
                ? new(DagRemedyKind.WaitOrPause)
                : new(DagRemedyKind.MapAgain) { Node = run.DagName, RunId = run.RunId },
        };
}
