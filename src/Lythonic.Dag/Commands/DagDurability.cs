namespace Lythonic.Dag.Commands;

/// <summary>What a commit to the database survives.</summary>
public enum DagDurability
{
    /// <summary>If the process is killed, nothing that was reported done is lost. A power cut may lose the last commits.</summary>
    Normal,

    /// <summary>Each commit is synced to the disk, so that a power cut loses nothing that was reported done.</summary>
    Full,
}
