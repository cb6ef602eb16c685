namespace Lythonic.Dag.Watching;

/// <summary>Shows a run that is watched.</summary>
internal interface IRunScreen : IDisposable
{
    /// <summary>Shows a view of the run instead of the previous one.</summary>
    /// <param name="view">The view of the run.</param>
    /// <param name="notice">A message for the user, or <see langword="null"/>.</param>
    void Show(RunView view, string? notice);

    /// <summary>Waits for a key, and shows what it changes. If the size of the screen has changed, the screen is drawn again.</summary>
    /// <param name="most">The longest wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the user asks for, if the screen cannot do it alone; otherwise <see langword="null"/>.</returns>
    WatchWish? Wait(TimeSpan most, CancellationToken cancellationToken);

    /// <summary>Restores the screen as it was, and writes the last view.</summary>
    /// <param name="view">The last view of the run.</param>
    /// <param name="advice">What the user can do now, or <see langword="null"/>.</param>
    void Leave(RunView view, string? advice);
}
