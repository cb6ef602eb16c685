namespace Lythonic.Dag.Hosting;

/// <summary>A variable that a node's code reads and does not set. In a worker it is empty.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsOfCaller">Whether the session that added the node has it; otherwise nothing is known that sets it.</param>
/// <param name="Near">If nothing sets it, a variable that the code sets and whose name is much like it; or <see langword="null"/>.</param>
internal sealed record FreeVariable(string Name, bool IsOfCaller, string? Near = null);
