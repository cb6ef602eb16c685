namespace Lythonic.Dag;

/// <summary>What a node is.</summary>
public enum NodeKind
{
    /// <summary>Runs code of the host, such as a scriptblock.</summary>
    ScriptBlock,

    /// <summary>Calls a .NET method.</summary>
    Method,

    /// <summary>Runs a sub-DAG for each element.</summary>
    Map,

    /// <summary>Runs a sub-DAG once.</summary>
    Call,

    /// <summary>Runs one of several sub-DAGs.</summary>
    Switch,
}
