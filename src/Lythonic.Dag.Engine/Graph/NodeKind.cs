namespace Lythonic.Dag;

/// <summary>
/// The kind of a node. The numbers are stored: they never change, and a new kind gets the next one. The views of the store rely on the
/// kinds from <see cref="Map"/> to <see cref="Switch"/> being composite.
/// </summary>
public enum NodeKind
{
    /// <summary>Runs code of the host, such as a scriptblock.</summary>
    ScriptBlock = 0,

    /// <summary>Calls a .NET method.</summary>
    Method = 1,

    /// <summary>Runs a sub-DAG for each element.</summary>
    Map = 2,

    /// <summary>Runs a sub-DAG once.</summary>
    Call = 3,

    /// <summary>Runs one of several sub-DAGs.</summary>
    Switch = 4,

    /// <summary>Has no code. It stands for elements that come from a pipeline while the map after it runs.</summary>
    Input = 5,
}
