namespace Lythonic.Dag.Export;

/// <summary>A language of diagrams: what <see cref="DiagramWalk"/> writes a picture in.</summary>
internal interface IDiagram
{
    /// <summary>A node.</summary>
    /// <param name="id">Its id in the diagram.</param>
    /// <param name="lines">What stands in it.</param>
    /// <param name="status">Its status, as it looks.</param>
    /// <param name="isComposite">Whether it runs sub-DAGs.</param>
    void Node(string id, IReadOnlyList<string> lines, string status, bool isComposite);

    /// <summary>Opens a frame around what follows.</summary>
    /// <param name="id">Its id in the diagram.</param>
    /// <param name="title">What stands above it.</param>
    /// <param name="status">The status of the sub-run that it is around; <see cref="PictureNode.None"/> around anything else.</param>
    void Open(string id, string title, string status);

    /// <summary>Closes the frame that was opened last.</summary>
    void Close();

    /// <summary>A data dependency, or what a closing node waits for.</summary>
    /// <param name="from">The upstream's id.</param>
    /// <param name="to">The downstream's id.</param>
    /// <param name="when">After which end of its upstreams a closing node runs; <see langword="null"/> for any other node.</param>
    void Edge(string from, string to, string? when);

    /// <summary>Joins a composite node to the frame around what it runs.</summary>
    /// <param name="node">The node's id.</param>
    /// <param name="frame">The frame's id.</param>
    /// <param name="first">The id of a node inside of the frame.</param>
    void Inside(string node, string frame, string first);
}
