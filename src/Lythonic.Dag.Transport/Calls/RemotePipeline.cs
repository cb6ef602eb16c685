using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Transport;

/// <summary>One pipeline on a host, without an input stream: an open one ends the calling process when its host is lost.</summary>
internal sealed class RemotePipeline
{
    private readonly PowerShell _shell = PowerShell.Create();
    private readonly PSDataCollection<PSObject> _output = [];
    private readonly List<PSObject> _written = [];
    private readonly TaskCompletionSource<PSInvocationStateInfo> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _recording = new();
    private readonly Func<bool>? _isAnswered;
    private readonly Func<PSObject, bool>? _takes;
    private Action<object>? _onRecord;
    private ErrorRecord? _lastError;

    /// <summary>Makes a pipeline.</summary>
    /// <param name="runspace">The runspace in which it runs.</param>
    /// <param name="build">Adds the commands to it.</param>
    /// <param name="answers">Whether the output that it keeps is an answer, after which its own failure may come as an error.</param>
    /// <param name="onRecord">Takes records of the streams, or <see langword="null"/>.</param>
    /// <param name="takes">
    /// Is given each output as it comes, in turn with the records, and says whether it took the output. Other outputs are kept. Or
    /// <see langword="null"/>.
    /// </param>
    public RemotePipeline(
        Runspace runspace, Action<PowerShell> build, bool answers, Action<object>? onRecord, Func<PSObject, bool>? takes = null)
    {
        _isAnswered = answers ? HasWritten : null;
        _takes = takes;
        _shell.Runspace = runspace;
        _onRecord = onRecord;
        build(_shell);
        _shell.InvocationStateChanged += OnStateChanged;
        _output.DataAdded += (_, _) => ReadOutput();
        Forward(_shell.Streams.Error);
        Forward(_shell.Streams.Warning);
        Forward(_shell.Streams.Verbose);
        Forward(_shell.Streams.Debug);
        Forward(_shell.Streams.Information);
        Forward(_shell.Streams.Progress);
    }

    /// <summary>Runs it.</summary>
    /// <returns>How it ended, as a value.</returns>
    public async Task<PipelineEnd> RunAsync()
    {
        try
        {
            _shell.BeginInvoke<PSObject, PSObject>(
                null, _output, new PSInvocationSettings { RemoteStreamOptions = RemoteStreamOptions.AddInvocationInfo }, null, null);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The runspace was broken already.
            return new PipelineEnd(PSInvocationState.Failed, error, []);
        }

        var end = await _end.Task.ConfigureAwait(false);
        return new PipelineEnd(end.State, end.Reason, Written(), _lastError);
    }

    /// <summary>Asks it to stop, without waiting.</summary>
    public void Stop() => OwnThread.Start("Lythonic.Dag host stop", () => _shell.BeginStop(null, null));

    /// <summary>Stops listening to it.</summary>
    public void Leave()
    {
        lock (_recording)
            _onRecord = null;
        // Disposing a broken pipeline may wait.
        if (_end.Task.IsCompletedSuccessfully && _end.Task.Result.State == PSInvocationState.Completed)
            _shell.Dispose();
        else
            OwnThread.Start("Lythonic.Dag host end", _shell.Dispose);
    }

    private PSObject[] Written()
    {
        ReadOutput();
        lock (_written)
            return [.. _written];
    }

    private bool HasWritten()
    {
        lock (_written)
            return _written.Count > 0;
    }

    private void ReadOutput()
    {
        lock (_written)
        {
            foreach (var item in _output.ReadAll())
            {
                if (_takes?.Invoke(item) != true)
                    _written.Add(item);
            }
        }
    }

    private void OnStateChanged(object? sender, PSInvocationStateChangedEventArgs change)
    {
        var info = change.InvocationStateInfo;
        if (info.State is PSInvocationState.Completed or PSInvocationState.Failed or PSInvocationState.Stopped
            or PSInvocationState.Disconnected)
            _end.TrySetResult(info);
    }

    private void Forward<T>(PSDataCollection<T> stream)
        where T : class =>
        stream.DataAdded += (_, _) =>
        {
            lock (_recording)
            {
                foreach (var record in stream.ReadAll())
                {
                    if (record is ErrorRecord error && _isAnswered?.Invoke() == true)
                        _lastError = error;
                    else
                        _onRecord?.Invoke(record);
                }
            }
        };
}
