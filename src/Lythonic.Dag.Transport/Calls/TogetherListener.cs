namespace Lythonic.Dag.Transport;

/// <summary>Is told of calls that are sent together. Its members are called on threads of PowerShell, and return soon.</summary>
/// <param name="Completed">
/// Takes what a call gave that completed, as it comes, and whether the next one begins with that. Called on one thread at a time.
/// </param>
/// <param name="Over">
/// Is told that the one that is under way takes long and is the last that begins: it takes how many have begun. The results of those before
/// it may come later.
/// </param>
public sealed record TogetherListener(Action<RemoteResult, bool> Completed, Action<int> Over);
