namespace Lythonic.Dag;

/// <summary>The format in which a DAG or a run is drawn.</summary>
public enum ExportForm
{
    /// <summary>A flowchart of Mermaid.</summary>
    Mermaid,

    /// <summary>A digraph of Graphviz.</summary>
    Dot,

    /// <summary>One page that needs no other file: graph, time line and node runs.</summary>
    Html,
}
