namespace Lythonic.Dag.Export;

/// <summary>Makes the picture of a DAG.</summary>
internal static class DagPicture
{
    /// <summary>A DAG, with its sub-DAGs.</summary>
    public static Picture Build(Dag dag)
    {
        var drawn = new Picture(dag.Name, [.. dag.Nodes.Select(Node)], EdgesOf(dag)) { Description = dag.Description };
        var cycles = Cycles.NodesOn(drawn.Nodes.Count, drawn.EdgePositions());
        return cycles.Count == 0
            ? drawn
            : drawn with { Nodes = [.. drawn.Nodes.Select((node, at) => cycles.Contains(at) ? node with { IsOnCycle = true } : node)] };
    }

    /// <summary>The edges of a DAG. Two edges that differ only in their parameter are one line.</summary>
    public static IReadOnlyList<(string From, string To)> EdgesOf(Dag dag) =>
        [.. dag.Edges.Select(edge => (edge.From, edge.To)).Distinct()];

    /// <summary>A short text for what a node runs.</summary>
    public static string DescriptionOf(DagNode node) =>
        node.Code?.Description
            ?? string.Join(", ", node.SubDags!.All().Select(sub => sub.Branch is null ? sub.Dag.Name : $"{sub.Branch}: {sub.Dag.Name}"));

    /// <summary>
    /// The full code of a node, as it was written; of a composite node, that of the only node inside it. Empty if that is not a script.
    /// </summary>
    public static string CodeOf(DagNode node) =>
        node.Code is ScriptBlockCode script ? Unindented(script.Body.Extent.Text)
        : node.SubDags?.All().ToList() is [{ Dag.Nodes: [var only] }] ? CodeOf(only)
        : "";

    /// <summary>The full code of a node, or its description if it is not a script; for a composite node, that of its sub-DAGs.</summary>
    public static string WholeCodeOf(DagNode node)
    {
        if (node.SubDags is null)
            return CodeOf(node) is { Length: > 0 } text ? text : DescriptionOf(node);
        var nodes = node.SubDags.All().SelectMany(sub => sub.Dag.Nodes.Select(inner => (Branch: sub.Branch, Node: inner))).ToList();
        return nodes is [var only]
            ? WholeCodeOf(only.Node)
            : string.Join('\n', nodes.Select(inner =>
                $"{(inner.Branch is null ? "" : $"{inner.Branch}/")}{inner.Node.Label}: {WholeCodeOf(inner.Node)}"));
    }

    // Every line but the first is indented like the definition around the block.
    private static string Unindented(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var indent = lines.Skip(1)
            .Where(line => line.AsSpan().Trim().Length > 0)
            .Select(line => line.Length - line.AsSpan().TrimStart().Length)
            .DefaultIfEmpty(0)
            .Min();
        return string.Join('\n', lines.Select((line, number) => number == 0 ? line : line.Length > indent ? line[indent..] : ""));
    }

    private static PictureNode Node(DagNode node) => new(node.Label, node.Kind)
    {
        Description = DescriptionOf(node),
        // A composite node shows the code of its parts there.
        Code = node.SubDags is null ? CodeOf(node) : "",
        When = node.Settings.When,
        IsConditional = node.Settings.If is not null,
        Parts = [.. (node.SubDags?.All() ?? []).Select(sub => new PicturePart(sub.Branch, Build(sub.Dag)))],
    };
}
