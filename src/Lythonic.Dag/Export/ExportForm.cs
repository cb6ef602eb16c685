namespace Lythonic.Dag;

/// <summary>The form in which a DAG or a run is drawn.</summary>
public enum ExportForm
{
    /// <summary>A flowchart of Mermaid.</summary>
    Mermaid,

    /// <summary>A digraph of Graphviz.</summary>
    Dot,

    /// <summary>One page that needs nothing else: graph, time line and node runs.</summary>
    Html,
}
