using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Hosting;

namespace Lythonic.Dag.Runs;

/// <summary>
/// Writes the warnings of a cmdlet before it runs a DAG: those of <c>Test-Dag</c>, and one if a definition is older than its script file.
/// </summary>
internal static class RunWarnings
{
    /// <summary>Writes the warnings of <c>Test-Dag</c>, each once.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="dag">The DAG.</param>
    /// <param name="options">
    /// The options of the run. Inline nodes see the caller's variables, and a replaced node is checked by its replacement.
    /// </param>
    /// <param name="runs">
    /// Whether a node of the DAG runs, by label; called only if there is a problem. <see langword="null"/> if all nodes run.
    /// </param>
    public static void Write(Cmdlet cmdlet, Dag dag, DagRunOptions options, Func<string, bool>? runs = null)
    {
        if (options.Inline)
            return;
        var problems = SessionProblems.Find(dag, options.Overrides)
            .Concat(HostProblems.Find(dag, withEnvironment: false, options.Overrides));
        foreach (var problem in problems.Where(problem => runs is null || runs(problem.Node.Split('/')[0])))
            cmdlet.WriteWarning(problem.Message);
    }

    /// <summary>Warns of edges that were probably forgotten, before a run begins whose source input is known.</summary>
    public static void WriteEdges(Cmdlet cmdlet, Dag dag, DagRunOptions options)
    {
        foreach (var problem in EdgeProblems.Find(dag, options.SourceInput, options.Overrides))
            cmdlet.WriteWarning(problem.Message);
    }

    /// <summary>Warns of script files that were written after the DAG was defined from them: the run uses the older text.</summary>
    public static void WriteStale(Cmdlet cmdlet, Dag dag)
    {
        var files = NodeScripts.Collect(dag).Select(code => code.File).OfType<ScriptFile>().Distinct();
        foreach (var file in files.Where(file => file.IsNewer).DistinctBy(file => file.Path))
        {
            cmdlet.WriteWarning(
                $"The script file {file.Path} is newer than the definition of the DAG '{dag.Name}' in this session, which runs as it "
                    + $"was defined. Run the file again to define the DAG anew.");
        }
    }
}
