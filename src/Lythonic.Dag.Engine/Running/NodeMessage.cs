namespace Lythonic.Dag;

/// <summary>Something that a node said while it ran.</summary>
/// <param name="Stream">The stream, such as <c>warning</c>.</param>
/// <param name="Text">The text, cut where it is long.</param>
/// <param name="Time">When, UTC.</param>
public sealed record NodeMessage(string Stream, string Text, DateTimeOffset Time)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Stream}: {Text}";
}
