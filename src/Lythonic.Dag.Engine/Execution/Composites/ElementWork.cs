namespace Lythonic.Dag.Execution;

/// <summary>
/// What a composite node works through, and what comes of it. It changes under the session's lock if nothing else is said.
/// </summary>
internal abstract class ElementWork
{
    /// <summary>How many elements are known so far.</summary>
    public abstract int Count { get; }

    /// <summary>How many of them go together: failures are judged among these.</summary>
    public abstract int BatchSize { get; }

    /// <summary>Whether an element is there to be drawn, in this batch or in a later one.</summary>
    public abstract bool HasMore { get; }

    /// <summary>Whether an element may still come that is not known yet.</summary>
    public virtual bool IsOpen => false;

    /// <summary>Draws the next element of the batch that is not done.</summary>
    /// <param name="ordinal">Its position.</param>
    /// <returns>Whether there is one.</returns>
    public abstract bool TryDraw(out int ordinal);

    /// <summary>An element that was drawn. Outside of the lock.</summary>
    public abstract MapElement At(int ordinal);

    /// <summary>Goes on to the next batch.</summary>
    /// <returns>Whether there is one.</returns>
    public abstract bool NextBatch();

    /// <summary>An element is done.</summary>
    /// <param name="element">The element.</param>
    /// <param name="output">What it gave; <see langword="null"/> if the sink of its sub-DAG was omitted.</param>
    public abstract void Add(MapElement element, NodeOutput? output);

    /// <summary>An element has failed.</summary>
    public virtual void Fail(MapElement element)
    {
    }

    /// <summary>
    /// Tells who waits for it what became of an element. Outside of the lock, after <see cref="Add"/> or <see cref="Fail"/>.
    /// </summary>
    public virtual void Tell(ElementEnd end)
    {
    }

    /// <summary>The output of the node; <see langword="null"/> if it is not put together, or there is none.</summary>
    public abstract NodeOutput? Collect();

    /// <summary>Whether the node has no output, as the sink of its one sub-run was omitted.</summary>
    public virtual bool IsOmitted => false;

    /// <summary>Whether every element is done or has failed.</summary>
    /// <param name="failed">How many failed.</param>
    public abstract bool IsComplete(int failed);

    /// <summary>
    /// What is said of the batch in the failure of the node: its number, the elements that it has, and how many there are in all.
    /// </summary>
    public abstract Batches Batches { get; }
}
