using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Hosting;

namespace Lythonic.Dag.Commands;

/// <summary>
/// What a cmdlet says of a DAG before it runs it: what <c>Test-Dag</c> warns of, and that a definition is older than its script.
/// </summary>
internal static class RunWarnings
{
    /// <summary>Writes the warnings of <c>Test-Dag</c>, each once.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="dag">The DAG.</param>
    /// <param name="options">
    /// How it is run: inline nodes find what they read, and of a node that is replaced what replaces it counts.
    /// </param>
    /// <param name="runs">
    /// Whether a node of the DAG, by its label, runs; asked for what there is to say alone. <see langword="null"/> where all do.
    /// </param>
    public static void Write(Cmdlet cmdlet, Dag dag, DagRunOptions options, Func<string, bool>? runs = null)
    {
        if (options.Inline)
            return;
        var problems = SessionProblems.Find(dag, options.Overrides);
        foreach (var problem in problems.Where(problem => runs is null || runs(problem.Node.Split('/')[0])))
            cmdlet.WriteWarning(problem.Message);
    }

    /// <summary>Says which script files were written after the DAG was defined from them: what runs is what they were then.</summary>
    public static void WriteStale(Cmdlet cmdlet, Dag dag)
    {
        var files = NodeScripts.Collect(dag).Select(code => code.File).OfType<ScriptFile>().Distinct();
        foreach (var file in files.Where(file => file.IsNewer).DistinctBy(file => file.Path))
        {
            cmdlet.WriteWarning(
                $"The script file {file.Path} is newer than the definition of the DAG '{dag.Name}' in this session, which runs as the "
                    + $"file was then. Run the file again to define the DAG anew.");
        }
    }
}
