namespace Lythonic.Dag.Watching;

/// <summary>An error of a run that is watched.</summary>
/// <param name="Where">The node, as <see cref="NodeView.Path"/>, with the key of its element.</param>
/// <param name="Text">The whole error.</param>
/// <param name="Time">When.</param>
internal sealed record WatchedFailure(string Where, string Text, DateTimeOffset Time);
