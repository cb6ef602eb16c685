namespace Lythonic.Dag.Sqlite;

/// <summary>The purpose of a transaction.</summary>
internal enum StoreCommit
{
    /// <summary>Making the file, or taking it to the version of this module.</summary>
    Migration,

    /// <summary>Records of runs and node runs.</summary>
    Records,

    /// <summary>Taking a run over for a restart.</summary>
    Claim,

    /// <summary>Beginning a run whose turn has come.</summary>
    Begin,

    /// <summary>Taking a place in the queue of those that wait to begin a run.</summary>
    Turn,

    /// <summary>Asking for locks, taking them and giving them back.</summary>
    Lock,

    /// <summary>Asking a run to pause.</summary>
    Pause,

    /// <summary>Marking the runs that will be removed.</summary>
    Doom,

    /// <summary>Removing some rows of marked runs.</summary>
    Removal,

    /// <summary>Removing shapes of DAGs that no run has any more.</summary>
    Definitions,
}
