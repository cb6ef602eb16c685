namespace Lythonic.Dag.Host;

/// <summary>Ctrl+C: the first press stops the script, the second ends the process at once.</summary>
internal sealed class InterruptKey : IDisposable
{
    private readonly Action _stop;
    private int _presses;

    /// <summary>Begins to listen.</summary>
    /// <param name="stop">Asks the script to stop, and returns at once.</param>
    public InterruptKey(Action stop)
    {
        _stop = stop;
        Console.CancelKeyPress += OnPress;
    }

    /// <summary>Whether it was pressed.</summary>
    public bool WasPressed => Volatile.Read(ref _presses) > 0;

    /// <inheritdoc/>
    public void Dispose() => Console.CancelKeyPress -= OnPress;

    private void OnPress(object? sender, ConsoleCancelEventArgs press)
    {
        if (Interlocked.Increment(ref _presses) > 1)
            return;
        press.Cancel = true;
        _stop();
    }
}
