namespace Lythonic.Dag.Hosting;

/// <summary>
/// The names of nodes in front of what they write. All elements of a map run the same node, so inside an element the name has its key, as
/// in errors: <c>each[2]</c>, or <c>each[2]/load</c>.
/// </summary>
internal static class NodePlaces
{
    private const string OfCall = "[call]";

    /// <summary>The name of the node of a context.</summary>
    public static string Of(DagContext context) => context.Place ?? context.NodeLabel;

    /// <summary>Finds the name of a node inside a run, once for its context.</summary>
    /// <param name="context">The context of the node.</param>
    /// <param name="dagName">The name of the DAG of the whole run, with which the path of every run inside it begins.</param>
    public static void Find(DagContext context, string dagName)
    {
        if (context.Place is not null || context.Path.Length <= dagName.Length + 1
            || !context.Path.StartsWith(dagName, StringComparison.OrdinalIgnoreCase) || context.Path[dagName.Length] != '/')
            return;
        var (inside, label) = (context.Path[(dagName.Length + 1)..], context.NodeLabel);
        context.Place = IsNamed(inside, label) ? inside
            : inside.EndsWith(OfCall, StringComparison.Ordinal) ? $"{inside[..^OfCall.Length]}/{label}"
            : $"{inside}/{label}";
    }

    // The sub-DAG of a scriptblock is one node, which has the label of its map.
    private static bool IsNamed(string inside, string label)
    {
        var begin = inside.LastIndexOf($"{label}[", StringComparison.OrdinalIgnoreCase);
        return begin >= 0 && (begin == 0 || inside[begin - 1] == '/') && inside[^1] == ']'
            && !inside.AsSpan(begin).Contains("]/", StringComparison.Ordinal);
    }
}
