using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Transport;

/// <summary>
/// Notices when a connection is open, and that its host is lost: <see cref="HostProcess"/> tells that the client program ended, PowerShell
/// that the runspace broke, and <see cref="GiveUp"/> that nobody waits for it any more.
/// </summary>
internal sealed class HostLossWatch
{
    private readonly string _host;
    private readonly Runspace _runspace;
    private readonly HostProcess? _process;
    private readonly TaskCompletionSource<HostLoss> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _closing;
    private volatile bool _wasExited;

    /// <summary>Begins to watch a connection that is not open yet.</summary>
    /// <param name="host">The name of the host.</param>
    /// <param name="runspace">The runspace there.</param>
    /// <param name="process">The client program; <see langword="null"/> if there is none.</param>
    public HostLossWatch(string host, Runspace runspace, HostProcess? process)
    {
        (_host, _runspace, _process) = (host, runspace, process);
        runspace.StateChanged += OnStateChanged;
        _ = process?.Lost.ContinueWith(
            static (loss, state) => ((HostLossWatch)state!)._lost.TrySetResult(loss.Result), this, TaskScheduler.Default);
    }

    /// <summary>Completes when the connection is open.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Completes when the host is lost.</summary>
    public Task<HostLoss> Lost => _lost.Task;

    /// <summary>Whether code there ended its own runspace.</summary>
    public bool WasExited => _wasExited;

    /// <summary>Waits for the loss after a pipeline ended without completing. If none is noticed in time, the host is given up.</summary>
    /// <param name="reason">Why the pipeline ended.</param>
    /// <param name="limit">How long to wait.</param>
    public async Task<HostLoss> AfterAsync(Exception? reason, TimeSpan limit)
    {
        try
        {
            return await Lost.WaitAsync(limit).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            var loss = new HostLoss(_host, reason?.Message ?? "its pipeline was stopped by somebody else");
            GiveUp(loss.Reason);
            return loss;
        }
    }

    /// <summary>Gives the connection up: its client program is killed, and the host is lost.</summary>
    /// <param name="why">The reason.</param>
    public void GiveUp(string why)
    {
        _closing = true;
        _process?.Kill(why);
        _lost.TrySetResult(new HostLoss(_host, why));
        CloseRunspace();
    }

    /// <summary>Closes the runspace, without waiting for it.</summary>
    public void Close()
    {
        _closing = true;
        CloseRunspace();
    }

    private void CloseRunspace() => OwnThread.Start("Lythonic.Dag host close", _runspace.Dispose);

    private void OnStateChanged(object? sender, RunspaceStateEventArgs change)
    {
        switch (change.RunspaceStateInfo.State)
        {
            case RunspaceState.Opened:
                _opened.TrySetResult();
                break;
            case RunspaceState.Closing when !_closing && _process is { Lost.IsCompleted: false }:
                // PowerShell closes a runspace whose code called 'exit', although its program still runs.
                _wasExited = true;
                break;
            case RunspaceState.Broken or RunspaceState.Closed or RunspaceState.Disconnected:
                Broke(change.RunspaceStateInfo.Reason);
                break;
        }
    }

    // The end of the program gives a better reason. Without a program, the exception is all there is.
    private void Broke(Exception? reason)
    {
        var why = reason?.Message ?? "its runspace was closed";
        if (_process is null)
            _lost.TrySetResult(new HostLoss(_host, why));
        else
            _process.Kill(why);
    }
}
