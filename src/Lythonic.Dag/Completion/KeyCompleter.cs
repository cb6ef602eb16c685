using System.Management.Automation;
using Lythonic.Dag.Sessions;

namespace Lythonic.Dag.Binding;

/// <summary>
/// Completes the argument of <c>-SourceInput</c>, <c>-Override</c> and <c>Invoke-DagNode -Parameter</c> with the beginning of a
/// hashtable, <c>@{ key = </c>. PowerShell does not call argument completers inside the braces, so only the first key can be completed.
/// </summary>
public sealed class KeyCompleter : QuietCompleter
{
    private protected override IReadOnlyList<CompletionResult> Results(CompletionContext context, string? word) =>
        word is null or "" or "@"
            ? [.. Candidates(context)
                .DistinctBy(key => key.Text, StringComparer.OrdinalIgnoreCase)
                .Select(key => new CompletionResult(
                    $"@{{ {Completions.Quoted(key.Text)} = {(IsOverride(context) ? "{ " : "")}",
                    key.Text,
                    CompletionResultType.ParameterValue,
                    key.Tip))]
            : [];

    private protected override IEnumerable<(string Text, string Tip)> Candidates(CompletionContext context)
    {
        if ((context.Dag() ?? OfRun(context)) is not { } dag)
            return [];
        if (context.Parameter.Equals("Parameter", StringComparison.OrdinalIgnoreCase))
            return context.Bare("Name")?.ToString() is { } label && dag.Contains(label) ? ParametersOf(dag[label]) : [];
        if (IsOverride(context))
            return dag.Nodes.Select(node => (node.Label, $"what runs in place of {node.Label}"));
        var fed = dag.Edges.Select(edge => edge.To).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var sources = dag.Nodes.Where(node => !fed.Contains(node.Label)).ToList();
        return sources.SelectMany(ParametersOf).Concat(sources.Select(node => (node.Label, $"the source {node.Label}")));
    }

    private static IEnumerable<(string Text, string Tip)> ParametersOf(DagNode node) => (node.Code?.Signatures ?? [])
        .SelectMany(signature => signature.Parameters)
        .Select(parameter => (parameter.Name, $"{parameter.Type?.ToString() ?? "undeclared"}, of {node.Label}"));

    private static bool IsOverride(CompletionContext context) => context.Parameter.Equals("Override", StringComparison.OrdinalIgnoreCase);

    private static Dag? OfRun(CompletionContext context)
    {
        if (context.RunId() is not { Length: > 0 } runId)
            return null;
        using var store = context.Store();
        return store.FindRun(runId) is { } run ? DagSession.Find(run.DagName) : null;
    }
}
