namespace Lythonic.Dag.Watching;

/// <summary>A message of a node.</summary>
/// <param name="Where">The node, as <see cref="NodeView.Path"/>, with the key of its element.</param>
/// <param name="Stream">The stream.</param>
/// <param name="Text">The text.</param>
/// <param name="Time">When it was written.</param>
internal sealed record WatchedMessage(string Where, string Stream, string Text, DateTimeOffset Time);
