namespace Lythonic.Dag.Watching;

/// <summary>Shows a run as lines, for a host without a screen and keys.</summary>
/// <param name="write">Writes a line.</param>
/// <param name="clock">The clock.</param>
internal sealed class PlainScreen(Action<string> write, TimeProvider clock) : IRunScreen
{
    private readonly PlainLines _lines = new();

    /// <inheritdoc/>
    public void Show(RunView view, string? notice)
    {
        foreach (var line in _lines.Next(view, clock.GetUtcNow()))
            write(line);
    }

    /// <inheritdoc/>
    public WatchWish? Wait(TimeSpan most, CancellationToken cancellationToken)
    {
        cancellationToken.WaitHandle.WaitOne(most);
        return null;
    }

    /// <inheritdoc/>
    public void Leave(RunView view, string? advice)
    {
        if (advice is not null)
            write(advice);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
