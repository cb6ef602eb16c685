namespace Lythonic.Dag.Provenance;

/// <summary>What a replay was told to run. It is stored with its run, so that a restart goes on as the replay would have.</summary>
/// <param name="Nodes">The labels of the nodes that were named.</param>
/// <param name="IncludeDownstream">Whether the nodes downstream of them run too.</param>
/// <param name="FailedOnly">Whether only those elements of the named maps run that did not complete.</param>
public sealed record ReplayScope(IReadOnlyList<string> Nodes, bool IncludeDownstream = false, bool FailedOnly = false);
