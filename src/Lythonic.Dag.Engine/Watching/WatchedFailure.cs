namespace Lythonic.Dag.Watching;

/// <summary>An error of a run that is watched.</summary>
/// <param name="Where">The node, as <see cref="NodeView.Path"/>, with the key of its element.</param>
/// <param name="Text">The full error.</param>
/// <param name="Time">When it occurred.</param>
/// <param name="IsTriedAgain">Whether another attempt follows the one that failed, so that it is no error of the run yet.</param>
internal sealed record WatchedFailure(string Where, string Text, DateTimeOffset Time, bool IsTriedAgain = false);
