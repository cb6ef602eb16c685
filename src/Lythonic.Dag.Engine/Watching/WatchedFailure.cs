namespace Lythonic.Dag.Watching;

/// <summary>An error of a run that is watched.</summary>
/// <param name="Where">The node, as <see cref="NodeView.Path"/>, with the key of its element.</param>
/// <param name="Text">The whole error.</param>
/// <param name="Time">When.</param>
/// <param name="IsTriedAgain">Whether it is that of an attempt after which another one comes: no error of the run so far.</param>
internal sealed record WatchedFailure(string Where, string Text, DateTimeOffset Time, bool IsTriedAgain = false);
