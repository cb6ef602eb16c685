using System.Security.Cryptography;
using System.Text;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Wiring;

/// <summary>
/// Makes fingerprints, which change when a node's code, its parameters or its edges change: the first half of a SHA-256, in hexadecimal.
/// </summary>
internal static class Fingerprints
{
    /// <summary>The shape of a DAG as it is stored.</summary>
    public static DagDefinition Define(CompiledDag dag)
    {
        var edges = new List<string>?[dag.Nodes.Length];
        foreach (var edge in dag.Graph.Edges)
            (edges[dag.Graph.IndexOf(edge.To)] ??= []).Add($"{edge.From.ToUpperInvariant()}>{edge.Parameter?.ToUpperInvariant()}");
        var nodes = new NodeDefinition[dag.Nodes.Length];
        var text = new StringBuilder();
        var (before, fingerprint) = ("", "");
        foreach (var node in dag.Nodes)
        {
            Describe(dag, node, edges[node.Index] ?? [], text);
            // Nodes that differ in their labels alone often follow each other.
            if (!text.Equals(before.AsSpan()))
                fingerprint = Hash(before = text.ToString());
            nodes[node.Index] = new(node.Label, node.Kind, node.IsSource, node.IsSink, fingerprint);
        }

        return Whole(dag.Name, nodes, Pairs(dag.Graph.Edges));
    }

    // Two nodes have several edges only where those name parameters.
    private static (string From, string To)[] Pairs(IReadOnlyList<DagEdge> edges)
    {
        var pairs = edges.Select(edge => (edge.From, edge.To));
        return [.. edges.Any(edge => edge.Parameter is not null) ? pairs.Distinct() : pairs];
    }

    /// <summary>Whether two shapes are the same, as a composite node's fingerprint sees its sub-DAGs.</summary>
    public static bool AreSame(DagDefinition one, DagDefinition other) =>
        Serialize(one.DagName, one.Nodes).Equals(Serialize(other.DagName, other.Nodes), StringComparison.OrdinalIgnoreCase);

    /// <summary>A shape without nodes.</summary>
    public static DagDefinition Nothing(string name) => Whole(name, [], []);

    /// <summary>The same shape, with the stored spelling of labels that differ only in case.</summary>
    /// <param name="definition">The shape.</param>
    /// <param name="stored">The labels that are stored.</param>
    public static DagDefinition WithLabels(DagDefinition definition, IEnumerable<string> stored)
    {
        var labels = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var label in stored)
            labels.TryAdd(label, label);
        string ResultLabel(string label) => labels.GetValueOrDefault(label, label);
        return definition.Nodes.All(node => ResultLabel(node.Label) == node.Label)
            ? definition
            : Whole(
                definition.DagName,
                definition.Nodes.Select(node => node with { Label = ResultLabel(node.Label) }).ToArray(),
                definition.Edges.Select(edge => (ResultLabel(edge.From), ResultLabel(edge.To))).ToArray());
    }

    private static DagDefinition Whole(string name, IReadOnlyList<NodeDefinition> nodes, IReadOnlyList<(string From, string To)> edges) =>
        new(name, Hash(Serialize(name, nodes) + Sinks(nodes, edges)), nodes, edges);

    // Whether a node is a sink is not part of its own fingerprint. It is part of that of the shape, if the edges do not say it.
    private static string Sinks(IReadOnlyList<NodeDefinition> nodes, IReadOnlyList<(string From, string To)> edges)
    {
        var withDownstream = edges.Select(edge => edge.From).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var unexpected = nodes.Where(node => node.IsSink == withDownstream.Contains(node.Label));
        return string.Concat(unexpected.Select(node => $"\n{node.IsSink}\t{node.Label}"));
    }

    private static string Serialize(string name, IReadOnlyList<NodeDefinition> nodes)
    {
        var text = new StringBuilder(name);
        foreach (var node in nodes)
            text.Append('\n').Append(node.Label).Append('\t').Append(node.Fingerprint);
        return text.ToString();
    }

    private static void Describe(CompiledDag dag, CompiledNode node, List<string> edges, StringBuilder text)
    {
        text.Clear()
            .Append(node.Kind.ToString()).Append('\n')
            .AppendJoin(',', edges).Append('\n')
            .Append(node.Settings.OutputType).Append('\n')
            .Append(node.Settings.Flatten).Append('\n');
        // Add nothing for a DAG that is not strict, so that stored fingerprints of such DAGs stay valid.
        if (dag.IsStrict)
            text.Append("strict\n");
        if (node.Settings.Constants.Count > 0)
            DescribeConstants(node.Settings.Constants, text);
        text.Append(node.Declaration.Code?.Fingerprint).Append('\n').Append(node.Declaration.SubDags?.By?.Code.Fingerprint).Append('\n');
        if (node.Declaration.SubDags is { } subDags)
            DescribeSubDags(subDags, (node.SubDags ?? node.OwnSubDags)?.All ?? [], text);
    }

    private static void DescribeConstants(IReadOnlyDictionary<string, object?> constants, StringBuilder text)
    {
        foreach (var (name, value) in constants.OrderBy(constant => constant.Key, StringComparer.OrdinalIgnoreCase))
            text.Append(name.ToUpperInvariant()).Append('=').Append(CanonicalText.Render(value)).Append('\n');
    }

    private static void DescribeSubDags(SubDags declared, IEnumerable<CompiledDag> compiled, StringBuilder text)
    {
        foreach (var (branch, sub) in declared.All().Zip(compiled, (given, sub) => (given.Branch, sub)))
            text.Append(branch?.ToUpperInvariant()).Append(':')
                .Append(Serialize(sub.Definition.DagName, sub.Definition.Nodes).ToUpperInvariant()).Append('\n');
    }

    private static string Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        // The runtime's own conversion is compiled anew in each process, which takes longer than all hashes of its first run.
        var digits = new char[32];
        for (var index = 0; index < digits.Length; index++)
            digits[index] = "0123456789ABCDEF"[index % 2 == 0 ? hash[index / 2] >> 4 : hash[index / 2] & 15];
        return new string(digits);
    }
}
