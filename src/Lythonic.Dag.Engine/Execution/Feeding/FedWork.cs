namespace Lythonic.Dag.Execution;

/// <summary>The work of a map whose elements come from a pipeline while it runs.</summary>
/// <param name="feed">The feed of the elements.</param>
internal sealed class FedWork(ElementFeed feed) : ElementWork(reused: 0)
{
    /// <inheritdoc/>
    public override int Count => feed.Count;

    /// <inheritdoc/>
    public override int BatchSize => feed.Count;

    /// <inheritdoc/>
    public override Batches Batches => new(null, feed.Count);

    /// <inheritdoc/>
    public override bool HasMore => feed.HasWaiting;

    /// <inheritdoc/>
    public override bool IsOpen => !feed.HasEnded;

    /// <inheritdoc/>
    public override bool TryDraw(out int ordinal) => feed.TryDraw(out ordinal);

    /// <inheritdoc/>
    public override MapElement At(int ordinal) => feed.At(ordinal);

    /// <inheritdoc/>
    public override bool NextBatch() => false;

    /// <inheritdoc/>
    public override void Add(MapElement element, NodeOutput? output) => feed.Remove(element);

    /// <inheritdoc/>
    public override void Fail(MapElement element) => feed.Remove(element);

    /// <inheritdoc/>
    public override void Tell(ElementEnd end) => feed.Tell(end);

    /// <inheritdoc/>
    /// <remarks>It is put together from the elements when somebody reads it.</remarks>
    public override NodeOutput? Collect() => null;

    /// <inheritdoc/>
    public override bool IsComplete(int failed) => feed.IsComplete;
}
