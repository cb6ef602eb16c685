using System.Text.Json;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Tells whether the source of a stored sub-run was given the element as it is now. Compares the stored forms.</summary>
internal sealed class ElementInput(CompiledNode node, RunSession session)
{
    /// <summary>Compares.</summary>
    /// <param name="element">The element.</param>
    /// <param name="branch">The branch of the stored sub-run, or <see langword="null"/>.</param>
    /// <param name="input">The stored input of its source: a JSON object.</param>
    public bool IsOf(MapElement element, string? branch, string input)
    {
        if (node.SubDags!.ForBranch(branch) is not { } dag || Arguments(dag.Source, element) is not { } arguments)
            return false;
        using var stored = JsonDocument.Parse(input, StoredComparison.AnyDepth);
        return arguments.All(argument => stored.RootElement.TryGetProperty(argument.Key, out var before)
            && StoredComparison.AreSame(before.GetRawText(), session.Codec.Encode(argument.Value).Json!, session.Codec));
    }

    private List<KeyValuePair<string, object?>>? Arguments(CompiledNode source, MapElement element)
    {
        var given = element;
        if (node.Declaration.SubDags is { Single: null, By: null })
            _ = BranchLabel.Read(node, element, session.Converter, out given);
        if (source.TakesPipelineValue)
            return [new(InputReader.PipelineName, given.Value)];
        var arguments = new List<KeyValuePair<string, object?>>();
        try
        {
            ElementArguments.Add(arguments, source, given.Value, session.Converter);
        }
        catch (DagException)
        {
            return null;
        }

        return arguments;
    }
}
