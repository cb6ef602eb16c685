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
        .. SessionProblems.Find(dag),
        .. HostProblems.Find(dag, withEnvironment: true),
        .. ReuseProblems.Find(dag),
        .. ClosingProblems.Find(dag),
        .. EdgeProblems.Find(dag),
        .. CommandProblems.Find(dag, session),
    ];
}
