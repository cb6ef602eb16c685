namespace Lythonic.Dag;

/// <summary>What a node runs. The engine knows its signatures and asks an <see cref="INodeInvoker"/> to run it.</summary>
public abstract class NodeCode
{
    /// <summary>The kind that a node with this code has.</summary>
    public abstract NodeKind Kind { get; }

    /// <summary>The ways to call it, at least one. Wiring picks the one whose parameters it can fill.</summary>
    public abstract IReadOnlyList<NodeSignature> Signatures { get; }

    /// <summary>A text that changes when the code changes. A restart compares it.</summary>
    public abstract string Fingerprint { get; }

    /// <summary>The file and the line of the code; <see langword="null"/> if they are not known.</summary>
    public virtual string? Place => null;

    /// <summary>A short text for people: the method's name, the first line of a script.</summary>
    public abstract string Description { get; }
}
