namespace Lythonic.Dag.Hosting;

/// <summary>
/// Hears a second Ctrl+C, while closing nodes run after the first: PowerShell tells a cmdlet that is stopping nothing more.
/// </summary>
internal sealed class SecondInterrupt : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly object _gate = new();
    private bool _listens;
    private bool _isDisposed;

    /// <summary>Cancelled by the second Ctrl+C.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Listens from now on: the first one was heard.</summary>
    public void Listen()
    {
        lock (_gate)
        {
            if (_listens || _isDisposed)
                return;
            _listens = true;
            Console.CancelKeyPress += OnInterrupt;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            if (_listens)
                Console.CancelKeyPress -= OnInterrupt;
            _listens = false;
        }

        _stop.Dispose();
    }

    // The closing nodes end, and with them the cmdlet. The process must not be ended as well.
    private void OnInterrupt(object? sender, ConsoleCancelEventArgs arguments)
    {
        arguments.Cancel = true;
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // They have ended already.
        }
    }
}
