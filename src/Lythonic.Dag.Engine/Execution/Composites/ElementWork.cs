namespace Lythonic.Dag.Execution;

/// <summary>
/// The elements of a composite node and their results. Call its members under the session's lock, unless they say something else.
/// </summary>
/// <param name="reused">How many elements were reused before.</param>
internal abstract class ElementWork(int reused)
{
    /// <summary>How many elements are known so far.</summary>
    public abstract int Count { get; }

    /// <summary>How many elements the current batch has. Allowed failures are judged within it.</summary>
    public abstract int BatchSize { get; }

    /// <summary>Whether there is an element to draw, in this batch or in a later one.</summary>
    public abstract bool HasMore { get; }

    /// <summary>Whether elements may still come that are not known yet.</summary>
    public virtual bool IsOpen => false;

    /// <summary>Draws the next element of the batch that is not done.</summary>
    /// <param name="ordinal">Its position.</param>
    /// <returns>Whether there is one.</returns>
    public abstract bool TryDraw(out int ordinal);

    /// <summary>Gets an element that was drawn. Outside of the lock.</summary>
    public abstract MapElement At(int ordinal);

    /// <summary>Goes on to the next batch.</summary>
    /// <returns>Whether there is one.</returns>
    public abstract bool NextBatch();

    /// <summary>Adds the output of an element that is done.</summary>
    /// <param name="element">The element.</param>
    /// <param name="output">Its output; <see langword="null"/> if the sink of its sub-DAG was omitted.</param>
    public abstract void Add(MapElement element, NodeOutput? output);

    /// <summary>How many elements were reused.</summary>
    public int ReusedCount { get; private set; } = reused;

    /// <summary>Adds the output of an element that was reused.</summary>
    /// <param name="element">The element.</param>
    /// <param name="output">The reused output.</param>
    public void AddReused(MapElement element, NodeOutput output)
    {
        ReusedCount++;
        Add(element, output);
    }

    /// <summary>Adds an element that has failed.</summary>
    public virtual void Fail(MapElement element)
    {
    }

    /// <summary>
    /// Tells the watcher of the feed how an element ended. Outside of the lock, after <see cref="Add"/> or <see cref="Fail"/>.
    /// </summary>
    public virtual void Tell(ElementEnd end)
    {
    }

    /// <summary>The output of the node; <see langword="null"/> if it is not put together, or there is none.</summary>
    public abstract NodeOutput? Collect();

    /// <summary>Whether the node has no output because the sink of its only sub-run was omitted.</summary>
    public virtual bool IsOmitted => false;

    /// <summary>Whether every element is done or has failed.</summary>
    /// <param name="failed">How many failed.</param>
    public abstract bool IsComplete(int failed);

    /// <summary>
    /// The batch for the error of the node: its number, the number of its elements, and the number of all elements.
    /// </summary>
    public abstract Batches Batches { get; }
}
