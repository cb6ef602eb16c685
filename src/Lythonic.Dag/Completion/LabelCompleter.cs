using System.Management.Automation.Language;
using Lythonic.Dag.Internal;
using Lythonic.Dag.Sessions;

namespace Lythonic.Dag.Binding;

/// <summary>
/// Completes node labels: those of the given DAG or run, else of the definition that is being typed, else of all DAGs of the session.
/// </summary>
public sealed class LabelCompleter : QuietCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Candidates(CompletionContext context)
    {
        if (context.Dag() is { } dag)
            return LabelsOf(dag);
        if (context.RunId() is { Length: > 0 } runId)
            return OfRun(context, runId);
        var written = Written(context.Command).ToList();
        return written.Count > 0 ? written : DagSession.Names.Select(DagSession.Find).OfType<Dag>().SelectMany(LabelsOf);
    }

    private static IEnumerable<(string Text, string Tip)> LabelsOf(Dag dag) =>
        dag.Nodes.Select(node => (node.Label, $"{node.Kind.ToString().ToLowerInvariant()} of {dag.Name}: {DagText.Runs(node)}"));

    private static List<(string Text, string Tip)> OfRun(CompletionContext context, string runId)
    {
        using var store = context.Store();
        if (store.FindRun(runId) is not { } run || store.GetDefinition(run) is not { } definition)
            return [];
        var status = store.GetNodeRuns(run)
            .ToDictionary(node => node.Label, node => DagText.Word(node.Status.ToName()), StringComparer.OrdinalIgnoreCase);
        var open = run.OfUnstarted.ToName();
        return [.. definition.Nodes.Select(node =>
            (node.Label, $"{node.Kind.ToString().ToLowerInvariant()} of {run.Path}: {status.GetValueOrDefault(node.Label, open)}"))];
    }

    // While a definition is being typed, its DAG does not exist yet: read the labels from the block.
    private static IEnumerable<(string Text, string Tip)> Written(CommandAst? command)
    {
        Ast? block = command;
        while (block is not null and not ScriptBlockAst)
            block = block.Parent;
        return block is null
            ? []
            : block.FindAll(
                found => found is CommandAst other
                    && other != command
                    && "Add-DagNode".Equals(other.GetCommandName(), StringComparison.OrdinalIgnoreCase),
                false)
                .Select(found => LabelOf((CommandAst)found)).OfType<string>().Select(label => (label, label));
    }

    private static string? LabelOf(CommandAst command)
    {
        var elements = command.CommandElements;
        for (var index = 1; index < elements.Count; index++)
        {
            if (elements[index] is CommandParameterAst { ParameterName: var name, Argument: var argument } && IsLabel(name))
                return ((argument ?? elements.ElementAtOrDefault(index + 1)) as StringConstantExpressionAst)?.Value;
        }

        return (elements.ElementAtOrDefault(1) as StringConstantExpressionAst)?.Value;
    }

    private static bool IsLabel(string name) =>
        name.Equals("Name", StringComparison.OrdinalIgnoreCase) || name.Equals("Label", StringComparison.OrdinalIgnoreCase);
}
