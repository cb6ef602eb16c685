using System.Collections;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Gives an element to the source of a sub-DAG.</summary>
internal static class ElementArguments
{
    /// <summary>
    /// Adds the arguments that an element fills: a source with one parameter gets it whole; one with several takes it by its keys or
    /// properties, and a plain value, which has none, is its first parameter.
    /// </summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagInputMissing"/>: the element lacks a mandatory parameter.</exception>
    public static void Add(List<KeyValuePair<string, object?>> named, CompiledNode node, object? element, IHostObjects objects)
    {
        var parameters = node.ElementParameters;
        if (parameters.Count == 0)
            return;
        var bare = objects.Unwrap(element);
        if (parameters.Count == 1 || bare is null || IsPlain(bare))
        {
            named.Add(new(parameters[0].Name, element));
            return;
        }

        foreach (var parameter in parameters)
        {
            if (TryGet(element!, parameter, objects, out var value))
                named.Add(new(parameter.Name, value));
            else if (parameter.IsMandatory)
                throw new DagException(
                    DagErrorId.DagInputMissing,
                    $"The element has no key or property '{parameter.Name}', which node '{node.Label}' needs as a parameter.",
                    node.Label,
                    "Give elements as dictionaries or objects with the source's parameter names.");
        }
    }

    private static bool TryGet(object element, NodeParameter parameter, IHostObjects objects, out object? value)
    {
        foreach (var name in parameter.Aliases.Prepend(parameter.Name))
        {
            if (objects.TryGetMember(element, name, out value))
                return true;
        }

        value = null;
        return false;
    }

    private static bool IsPlain(object value) =>
        value is string or IConvertible or Guid or TimeSpan or DateTimeOffset or Uri or Version
            || (value is IEnumerable and not IDictionary);
}
