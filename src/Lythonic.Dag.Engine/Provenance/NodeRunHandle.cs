namespace Lythonic.Dag.Provenance;

/// <summary>Identifies a node run to the store that records it. Stores derive from it to keep their own keys.</summary>
public abstract class NodeRunHandle;
