using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Lythonic.Dag.Commands;

namespace Lythonic.Dag.Binding;

/// <summary>Completes labels of nodes: of the DAG that is given, else of those of the session.</summary>
public sealed class LabelCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        ArgumentNullException.ThrowIfNull(fakeBoundParameters);
        var dags = fakeBoundParameters["Dag"] is Dag given ? [given] : DagSession.Implied is { } implied ? [implied] : DagSession.Names.Select(DagSession.Find).OfType<Dag>();
        return Completions.Of(wordToComplete, dags.SelectMany(dag => dag.Nodes.Select(node => (node.Label, $"{node.Kind} of {dag.Name}"))));
    }
}
