namespace Lythonic.Dag.Watching;

/// <summary>Where a run is shown that is watched.</summary>
internal interface IRunScreen : IDisposable
{
    /// <summary>Shows a run, in place of what is shown.</summary>
    /// <param name="view">What is seen of it.</param>
    /// <param name="notice">What the user should know beside it, or <see langword="null"/>.</param>
    void Show(RunView view, string? notice);

    /// <summary>Waits for a key, and shows what it changes; a screen that has changed its size is drawn anew.</summary>
    /// <param name="most">How long at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the user wants, if that is not for the screen alone; or <see langword="null"/>.</returns>
    WatchWish? Wait(TimeSpan most, CancellationToken cancellationToken);

    /// <summary>Gives the screen back as it was, and says what was seen last.</summary>
    /// <param name="view">What was seen last.</param>
    /// <param name="advice">What the user can do now, or <see langword="null"/>.</param>
    void Leave(RunView view, string? advice);
}
