namespace Lythonic.Dag;

/// <summary>
/// What a node is. The numbers are stored: they never change, and a new kind gets the next one. From <see cref="Map"/> to
/// <see cref="Switch"/>, a node is composite, and the views of the store rely on that.
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

    /// <summary>Has no code: it stands for elements that come while the map after it runs.</summary>
    Input = 5,
}
