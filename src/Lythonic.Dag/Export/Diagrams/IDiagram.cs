namespace Lythonic.Dag.Export;

/// <summary>A diagram language, in which <see cref="DiagramWalk"/> writes a picture.</summary>
internal interface IDiagram
{
    /// <summary>Writes a node.</summary>
    /// <param name="id">Its id in the diagram.</param>
    /// <param name="lines">The lines of its text.</param>
    /// <param name="status">Its status, which decides its colours.</param>
    /// <param name="isComposite">Whether it runs sub-DAGs.</param>
    void Node(string id, IReadOnlyList<string> lines, string status, bool isComposite);

    /// <summary>Opens a frame around what follows.</summary>
    /// <param name="id">Its id in the diagram.</param>
    /// <param name="title">The title above it.</param>
    /// <param name="status">The status of the sub-run inside; <see cref="PictureNode.None"/> if it is no sub-run.</param>
    void Open(string id, string title, string status);

    /// <summary>Closes the frame that was opened last.</summary>
    void Close();

    /// <summary>Writes an edge.</summary>
    /// <param name="from">The upstream's id.</param>
    /// <param name="to">The downstream's id.</param>
    /// <param name="when">For an edge to a closing node, its <c>-When</c>; otherwise <see langword="null"/>.</param>
    void Edge(string from, string to, string? when);

    /// <summary>Joins a composite node to the frame around what it runs.</summary>
    /// <param name="node">The node's id.</param>
    /// <param name="frame">The frame's id.</param>
    /// <param name="first">The id of a node inside the frame.</param>
    void Inside(string node, string frame, string first);
}
