using System.Collections;

namespace Lythonic.Dag.Binding;

/// <summary>Completes <c>Connect-DagNode -Parameter</c> with the parameters of the nodes in <c>-To</c>.</summary>
public sealed class ParameterCompleter : QuietCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Candidates(CompletionContext context)
    {
        if (context.Dag() is not { } dag)
            return [];
        var to = context.Bare("To");
        var labels = (to is IEnumerable many and not string ? many.Cast<object?>() : [to])
            .Select(label => label?.ToString() ?? "")
            .Where(dag.Contains);
        return labels.Select(label => dag[label])
            .SelectMany(node => (node.Code?.Signatures ?? []).SelectMany(signature => signature.Parameters)
                .Select(parameter => (parameter.Name, $"{parameter.Type?.ToString() ?? "undeclared"}, of {node.Label}")));
    }
}
