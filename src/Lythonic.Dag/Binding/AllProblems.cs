namespace Lythonic.Dag.Binding;

/// <summary>All problems of a DAG: those of the engine, and what only PowerShell can see.</summary>
internal static class AllProblems
{
    /// <summary>Finds the problems, those of the engine first.</summary>
    public static IEnumerable<DagProblem> Find(Dag dag) =>
    [
        .. dag.Validate(),
        .. SessionProblems.Find(dag),
        .. HostProblems.Find(dag, withEnvironment: true),
        .. ReuseProblems.Find(dag),
        .. ClosingProblems.Find(dag),
        .. EdgeProblems.Find(dag),
    ];
}
