using Lythonic.Dag.Values;

namespace Lythonic.Dag.Wiring;

/// <summary>
/// What the sub-DAGs of a composite node say of its stored values. The wiring does not look at it: a map's output is undeclared, whatever
/// is in it.
/// </summary>
internal static class StoredTypeInference
{
    /// <summary>Says what a composite node's output is stored as, and what its upstream's is taken as.</summary>
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
