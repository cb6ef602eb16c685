namespace Lythonic.Dag;

/// <summary>A message that a node wrote while it ran.</summary>
/// <param name="Stream">The stream, such as <c>warning</c>.</param>
/// <param name="Text">The text. A long one is cut when it is kept.</param>
/// <param name="Time">When it was written, in UTC.</param>
public sealed record NodeMessage(string Stream, string Text, DateTimeOffset Time)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Stream}: {Text}";
}
