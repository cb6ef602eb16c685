namespace Lythonic.Dag.Transport;

/// <summary>Is told of calls that are sent together. Its members are called on threads of PowerShell, and return soon.</summary>
/// <param name="Completed">
/// Takes the result of a completed call as soon as it comes, and whether the next call begins. Called on one thread at a time.
/// </param>
/// <param name="Over">
/// Is told that the call under way takes long and no more calls begin, and takes how many have begun. Results of earlier calls may come
/// later.
/// </param>
public sealed record TogetherListener(Action<RemoteResult, bool> Completed, Action<int> Over);
