namespace Lythonic.Dag;

/// <summary>The stable identifiers of errors. The name is what <c>FullyQualifiedErrorId</c> begins with.</summary>
public enum DagErrorId
{
    /// <summary>The edges form a cycle; the message holds the path.</summary>
    DagCycle,

    /// <summary>A label is used twice in one DAG.</summary>
    DagNodeDuplicate,

    /// <summary>A label names no node of the DAG.</summary>
    DagNodeNotFound,

    /// <summary>A composite node does not have exactly one upstream.</summary>
    DagCompositeUpstream,

    /// <summary>A sub-DAG does not have exactly one source and one sink, or a composite node has no sub-DAG.</summary>
    DagSubDagShape,

    /// <summary>Several upstream outputs fit one scalar parameter, or two keys of a dictionary of values are one name.</summary>
    DagInputAmbiguous,

    /// <summary>Nothing fills a mandatory parameter.</summary>
    DagInputMissing,

    /// <summary>A value or a declared type cannot become the type that is asked for.</summary>
    DagTypeMismatch,

    /// <summary>A key of the source input, or of a node's constants, matches nothing.</summary>
    DagSourceInputUnknown,

    /// <summary>No overload, or more than one, of a method fits.</summary>
    DagMethodAmbiguous,

    /// <summary>A node of a run failed.</summary>
    DagNodeFailed,

    /// <summary>The database holds no such run.</summary>
    DagRunNotFound,

    /// <summary>The run's status does not allow a restart.</summary>
    DagRunNotRestartable,

    /// <summary>Another process owns the run.</summary>
    DagRunOwned,

    /// <summary>A completed node has changed since it ran.</summary>
    DagDefinitionChanged,

    /// <summary>The operation needs stored runs, and there is no provenance.</summary>
    DagProvenanceRequired,

    /// <summary>The file is not a database of this module, or it cannot be read or written.</summary>
    DagDatabaseInvalid,

    /// <summary>The file was written by a newer version of this module.</summary>
    DagDatabaseNewer,

    /// <summary>Another process kept the file locked for too long.</summary>
    DagDatabaseBusy,

    /// <summary>A stored value cannot come back as what it was, and the consumer needs that.</summary>
    DagValueNotRestorable,

    /// <summary>A fault of the module, of a store or of an observer ended the run; the whole exception is kept.</summary>
    DagEngineFault,

    /// <summary>A DAG, a node or a branch has no name; or the name of a host could be taken for something else.</summary>
    DagNameInvalid,

    /// <summary>A host cannot be reached, or was lost under a call.</summary>
    DagHostUnreachable,

    /// <summary>What lies downstream of a closing node is none.</summary>
    DagClosingDownstream,

    /// <summary>A run of the DAG is live, and the new one was to be alone.</summary>
    DagRunOverlaps,

    /// <summary>A node inside a composite node that holds locks names another one.</summary>
    DagLockNested,

    /// <summary>An element of a map whose elements come while it runs failed.</summary>
    DagElementFailed,
}
