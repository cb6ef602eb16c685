namespace Lythonic.Dag;

/// <summary>How bad a problem is.</summary>
public enum DagProblemSeverity
{
    /// <summary>The DAG runs, but probably not as meant.</summary>
    Warning,

    /// <summary>The DAG does not run.</summary>
    Error,
}
