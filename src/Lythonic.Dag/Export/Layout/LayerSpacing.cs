namespace Lythonic.Dag.Export;

/// <summary>How a layered graph is laid out.</summary>
/// <param name="IsDown">Whether the layers lie below each other; else they lie side by side.</param>
/// <param name="MostInLayer">How many nodes a layer has at most. One with more becomes several.</param>
/// <param name="Gap">The room between two layers.</param>
/// <param name="Between">The room between two nodes of a layer.</param>
internal sealed record LayerSpacing(bool IsDown, int MostInLayer, double Gap = 56, double Between = 16)
{
    /// <summary>The room around the whole.</summary>
    public const double Margin = 14;

    /// <summary>The room that an edge takes in a layer that it passes.</summary>
    public const double Lane = 10;
}
