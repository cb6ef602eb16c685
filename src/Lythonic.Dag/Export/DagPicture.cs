namespace Lythonic.Dag.Export;

/// <summary>Makes the picture of a DAG.</summary>
internal static class DagPicture
{
    /// <summary>A DAG, with its sub-DAGs.</summary>
    public static Picture Of(Dag dag) =>
        new(dag.Name, [.. dag.Nodes.Select(Node)], EdgesOf(dag)) { Description = dag.Description };

    /// <summary>The edges of a DAG; two that differ in their parameter alone are one line.</summary>
    public static IReadOnlyList<(string From, string To)> EdgesOf(Dag dag) => [.. dag.Edges.Select(edge => (edge.From, edge.To)).Distinct()];

    /// <summary>What a node runs, in short.</summary>
    public static string DescriptionOf(DagNode node) =>
        node.Code?.Description ?? string.Join(", ", node.SubDags!.All().Select(sub => sub.Branch is null ? sub.Dag.Name : $"{sub.Branch}: {sub.Dag.Name}"));

    private static PictureNode Node(DagNode node) => new(node.Label, node.Kind)
    {
        Description = DescriptionOf(node),
        Parts = [.. (node.SubDags?.All() ?? []).Select(sub => new PicturePart(sub.Branch, Of(sub.Dag)))],
    };
}
