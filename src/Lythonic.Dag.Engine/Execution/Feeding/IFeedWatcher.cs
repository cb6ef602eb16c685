namespace Lythonic.Dag.Execution;

/// <summary>
/// Who hands elements over and hears what becomes of them. Called on any thread, and never under a lock of the engine's; it returns soon.
/// </summary>
internal interface IFeedWatcher
{
    /// <summary>An element is done, or has failed; there is room for another one by now.</summary>
    /// <param name="end">What became of it.</param>
    /// <param name="session">Reads its output.</param>
    void Ended(ElementEnd end, RunSession session);

    /// <summary>There is room, or none will come any more.</summary>
    void Changed();
}
