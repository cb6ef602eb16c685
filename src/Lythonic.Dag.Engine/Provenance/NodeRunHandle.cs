namespace Lythonic.Dag.Provenance;

/// <summary>A node run that is being written. Stores derive from it to keep their own keys.</summary>
public abstract class NodeRunHandle;
