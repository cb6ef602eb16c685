using System.Security.Cryptography;
using System.Text;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Wiring;

/// <summary>Texts that change when a node's code, its parameters or its edges do: the first half of a SHA-256, in hexadecimal.</summary>
internal static class Fingerprints
{
    /// <summary>The shape of a DAG as it is stored.</summary>
    public static DagDefinition Define(CompiledDag dag)
    {
        var edges = new List<string>?[dag.Nodes.Length];
        foreach (var edge in dag.Dag.Edges)
            (edges[dag.Dag.IndexOf(edge.To)] ??= []).Add($"{edge.From.ToUpperInvariant()}>{edge.Parameter?.ToUpperInvariant()}");
        var nodes = dag.Nodes
            .Select(node => new NodeDefinition(
                node.Label, node.Node.Kind, node.IsSource, node.IsSink, Hash(Describe(node, edges[node.Index] ?? []))))
            .ToList();
        var text = new StringBuilder(dag.Dag.Name);
        foreach (var node in nodes)
            text.Append('\n').Append(node.Label).Append('\t').Append(node.Fingerprint);
        return new(dag.Dag.Name, Hash(text.ToString()), nodes, dag.Dag.Edges.Select(edge => (edge.From, edge.To)).Distinct().ToArray());
    }

    private static string Describe(CompiledNode node, List<string> edges)
    {
        var text = new StringBuilder()
            .Append(node.Node.Kind).Append('\n')
            .AppendJoin(',', edges).Append('\n')
            .Append(node.Node.Settings.OutputType).Append('\n')
            .Append(node.Node.Settings.Flatten).Append('\n');
        foreach (var (name, value) in node.Node.Settings.Constants.OrderBy(constant => constant.Key, StringComparer.OrdinalIgnoreCase))
            text.Append(name.ToUpperInvariant()).Append('=').Append(ConstantText.Of(value)).Append('\n');
        text.Append(node.Node.Code?.Fingerprint).Append('\n').Append(node.Node.SubDags?.By?.Code.Fingerprint).Append('\n');
        foreach (var (branch, sub) in (node.Node.SubDags?.All() ?? []).Zip(node.SubDags?.All ?? [], (given, sub) => (given.Branch, sub)))
            text.Append(branch).Append(':').Append(sub.Definition.Fingerprint).Append('\n');
        return text.ToString();
    }

    private static string Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return Convert.ToHexString(hash[..16]);
    }
}
