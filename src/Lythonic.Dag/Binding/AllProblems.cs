using System.Management.Automation;

namespace Lythonic.Dag.Binding;

/// <summary>All problems of a DAG: those of the engine, and what only PowerShell can see.</summary>
internal static class AllProblems
{
    /// <summary>Finds the problems, those of the engine first. Call this on the pipeline's thread.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="session">The commands of the session that asks.</param>
    public static IEnumerable<DagProblem> Find(Dag dag, CommandInvocationIntrinsics session) =>
    [
        .. dag.Validate(),
        .. Empty(dag),
        .. SessionProblems.Find(dag),
        .. HostProblems.Find(dag, withEnvironment: true),
        .. ReuseProblems.Find(dag),
        .. ClosingProblems.Find(dag),
        .. EdgeProblems.Find(dag),
        .. LostOutputProblems.Find(dag),
        .. CommandProblems.Find(dag, session),
    ];

    private static DagProblem[] Empty(Dag dag) => dag.Nodes.Count > 0 ? [] :
    [
        new(
            DagErrorId.DagNodeDoubtful,
            dag.Name,
            $"The DAG '{dag.Name}' has no node: a run of it does nothing and is completed.",
            "Add nodes to it with Add-DagNode.")
        {
            Severity = DagProblemSeverity.Warning,
        },
    ];
}
