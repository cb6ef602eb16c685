using Lythonic.Dag.Values;

namespace Lythonic.Dag.Wiring;

/// <summary>
/// Infers the types of a composite node's stored values from its sub-DAGs. The wiring does not use these types: for it, the output of a map
/// is undeclared.
/// </summary>
internal static class StoredTypeInference
{
    /// <summary>Sets the type by which a composite node's output is stored, and the one by which its input is read.</summary>
    public static void Infer(CompiledNode node)
    {
        if (node.SubDags is not { } subDags)
            return;
        var kind = node.Composite!;
        var given = Agreed(subDags.All.Select(dag => dag.Sink.StoredType));
        if (node.OutputType is not { } declared || !CollectionTypes.NeedsType(declared))
            node.StoredType = kind.OutputTypeFrom(given, node.Settings) ?? node.OutputType;
        var taken = Agreed(subDags.All.Select(dag => dag.Source.ElementParameters is [{ Type: { } type }] ? type : null));
        node.ExpectedInputType = kind.InputTypeFrom(taken);
    }

    private static Type? Agreed(IEnumerable<Type?> types) =>
        types.Distinct().ToList() is [{ } type] && type != typeof(void) && CollectionTypes.NeedsType(type) ? type : null;
}
