namespace Lythonic.Dag.Export;

/// <summary>How a layered graph is laid out.</summary>
/// <param name="IsDown">Whether the layers are below each other; otherwise they are side by side.</param>
/// <param name="MostInLayer">How many nodes a layer has at most. A layer with more is split.</param>
/// <param name="Gap">The room between two layers.</param>
/// <param name="Between">The room between two nodes of a layer.</param>
internal sealed record LayerSpacing(bool IsDown, int MostInLayer, double Gap = 56, double Between = 16)
{
    /// <summary>The margin around the graph.</summary>
    public const double Margin = 14;

    /// <summary>The room that an edge takes in a layer that it passes.</summary>
    public const double Lane = 10;
}
