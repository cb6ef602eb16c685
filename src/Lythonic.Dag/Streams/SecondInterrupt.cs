using Lythonic.Dag.Execution;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Listens for a second Ctrl+C while closing nodes run after the first. PowerShell does not report it to a cmdlet that is already stopping.
/// </summary>
internal sealed class SecondInterrupt : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly object _gate = new();
    private bool _listens;
    private bool _isDisposed;

    /// <summary>Cancelled by the second Ctrl+C.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Begins to listen. Call it when the first one has come.</summary>
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

    // The closing nodes end, and then the cmdlet does. The process must not end as well.
    private void OnInterrupt(object? sender, ConsoleCancelEventArgs arguments)
    {
        arguments.Cancel = true;
        // Nothing catches an exception on this thread.
        Cancellation.Request(_stop);
    }
}
