namespace Lythonic.Dag.Commands;

/// <summary>What a commit survives.</summary>
public enum DagDurability
{
    /// <summary>A killed process loses nothing that was reported done; a power cut may lose the last commits.</summary>
    Normal,

    /// <summary>Each commit is synced to the disk.</summary>
    Full,
}
