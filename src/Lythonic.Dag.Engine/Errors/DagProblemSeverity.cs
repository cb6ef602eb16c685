namespace Lythonic.Dag;

/// <summary>How severe a problem is.</summary>
public enum DagProblemSeverity
{
    /// <summary>The DAG runs, but probably not as intended.</summary>
    Warning,

    /// <summary>The DAG does not run.</summary>
    Error,
}
