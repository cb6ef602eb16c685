namespace Lythonic.Dag.Export;

/// <summary>The positions of the nodes and edges of a graph.</summary>
/// <param name="Width">The width of the whole.</param>
/// <param name="Height">The height of the whole.</param>
/// <param name="Boxes">The position and size of each node.</param>
/// <param name="Routes">How each edge runs, in the order of the edges.</param>
internal sealed record GraphLayout(double Width, double Height, IReadOnlyList<Box> Boxes, IReadOnlyList<Route> Routes)
{
    /// <summary>The factor, at most 1, by which the graph must be scaled to fit into a room.</summary>
    /// <param name="width">The width of the room.</param>
    /// <param name="height">Its height.</param>
    public double ScaleIn(double width, double height) => Math.Min(1, Math.Min(width / Width, height / Height));
}

/// <summary>The position and size of a node.</summary>
/// <param name="X">Its left side.</param>
/// <param name="Y">Its upper side.</param>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
internal readonly record struct Box(double X, double Y, double Width, double Height);

/// <summary>
/// The route of an edge. From the first point to the second it crosses the gap between two layers, where there is no node, in a curve. From
/// the second to the third it passes a layer in a straight line, and so on.
/// </summary>
/// <param name="Points">The points, an even number; none for an edge that is not drawn.</param>
/// <param name="IsDown">Whether the layers are below each other; otherwise they are side by side.</param>
internal sealed record Route(IReadOnlyList<(double X, double Y)> Points, bool IsDown)
{
    /// <summary>The two control points of the curve between two points. They are in the same gap, so the whole curve is.</summary>
    public static ((double X, double Y) Start, (double X, double Y) End) Bow(
        (double X, double Y) from, (double X, double Y) to, bool isDown)
    {
        var (x, y) = ((from.X + to.X) / 2, (from.Y + to.Y) / 2);
        return isDown ? ((from.X, y), (to.X, y)) : ((x, from.Y), (x, to.Y));
    }
}
