namespace Lythonic.Dag.Execution;

/// <summary>
/// Is told how the elements of a feed end. The methods are called on any thread, never while the engine holds a lock, and must return soon.
/// </summary>
internal interface IFeedWatcher
{
    /// <summary>Why the run was cancelled, if the user did not cancel it; or <see langword="null"/>.</summary>
    string? StopReason { get; }

    /// <summary>An element has completed or failed. There is room for another one now.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="session">Reads its output.</param>
    void Ended(ElementEnd end, RunSession session);

    /// <summary>There is room for an element, or there never will be again.</summary>
    void Changed();
}
