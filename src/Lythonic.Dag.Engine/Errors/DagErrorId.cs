namespace Lythonic.Dag;

/// <summary>The stable ids of errors. In PowerShell, <c>FullyQualifiedErrorId</c> begins with the name.</summary>
public enum DagErrorId
{
    /// <summary>The edges form a cycle; the message has its path.</summary>
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

    /// <summary>A value or a declared type cannot be converted to the type that is needed.</summary>
    DagTypeMismatch,

    /// <summary>A key of the source input, or of a node's constants, matches nothing.</summary>
    DagSourceInputUnknown,

    /// <summary>No overload of a method fits, or more than one.</summary>
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

    /// <summary>A newer version of this module wrote the file.</summary>
    DagDatabaseNewer,

    /// <summary>Another process kept the file locked for too long.</summary>
    DagDatabaseBusy,

    /// <summary>A stored value cannot come back as what it was, and the consumer needs that.</summary>
    DagValueNotRestorable,

    /// <summary>A fault of the module, of a store or of an observer ended the run; the whole exception is kept.</summary>
    DagEngineFault,

    /// <summary>The name of a DAG, a node, a branch or a key is empty or blank, or the name of a host is not safe to use.</summary>
    DagNameInvalid,

    /// <summary>A host could not be connected to, or was lost during a call.</summary>
    DagHostUnreachable,

    /// <summary>A closing node has a downstream that is not a closing node.</summary>
    DagClosingDownstream,

    /// <summary>Another run of the DAG is live, and the new run may not begin beside it.</summary>
    DagRunOverlaps,

    /// <summary>A composite node holds locks, and a node inside it names another lock.</summary>
    DagLockNested,

    /// <summary>An element of a map failed, whose elements come from a pipeline.</summary>
    DagElementFailed,

    /// <summary>A node reads a variable that is empty where the node runs. This is a warning.</summary>
    DagVariableUnset,

    /// <summary>
    /// A node may not do what its author expects: on a host, if it is reused, as a closing node, without an edge, or because it calls a
    /// command that the session does not find. This is a warning.
    /// </summary>
    DagNodeDoubtful,
}
