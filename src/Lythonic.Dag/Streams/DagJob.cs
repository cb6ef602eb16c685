using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Lythonic.Dag.Errors;

namespace Lythonic.Dag.Hosting;

/// <summary>A run in the background, for the job cmdlets.</summary>
public sealed class DagJob : Job
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _stopClosing = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Runspace? _session;
    private volatile object? _end;
    private int _stops;
    private bool _isDisposed;

    internal DagJob(string command, string name)
        : base(command, name) => PSJobTypeName = "DagJob";

    /// <inheritdoc/>
    public override bool HasMoreData =>
        Output.Count > 0 || Error.Count > 0 || Warning.Count > 0 || Verbose.Count > 0
        || Debug.Count > 0 || Information.Count > 0 || Progress.Count > 0;

    /// <inheritdoc/>
    public override string Location => "localhost";

    /// <inheritdoc/>
    public override string StatusMessage => JobStateInfo.State.ToString();

    /// <inheritdoc/>
    public override void StopJob()
    {
        if (_end is null)
            SetJobState(JobState.Stopping);
        // If it ended meanwhile, it is not stopping, and nobody would say so later.
        if (_end is JobState end)
        {
            SetJobState(end);
            return;
        }

        _stop.Cancel();
        // A second stop ends the closing nodes that still run after the first.
        if (Interlocked.Increment(ref _stops) > 1)
            _stopClosing.Cancel();
        Finished.WaitOne(Wait);
    }

    /// <summary>Cancelled when the job is stopped.</summary>
    internal CancellationToken Stopping => _stop.Token;

    /// <summary>Cancelled when the job is stopped a second time, to end the closing nodes.</summary>
    internal CancellationToken StoppingClosing => _stopClosing.Token;

    internal void Start(PipelineThreadQueue queue, Task<DagRunResult> run, Func<DagRunResult, WrittenRun> read)
    {
        SetJobState(JobState.Running);
        Session(Runspace.DefaultRunspace);
        var thread = new Thread(() => Run(queue, run, read)) { IsBackground = true, Name = $"Lythonic.Dag job {Name}" };
        thread.Start();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _stop.Cancel();
            if (JobStateInfo.State != JobState.NotStarted && !_ended.Task.Wait(Wait))
            {
                _stopClosing.Cancel();
                _ended.Task.Wait(Wait);
            }

            _stop.Dispose();
            _stopClosing.Dispose();
        }

        base.Dispose(disposing);
    }

    // When the last session of a process closes, it waits for every worker. By then, those of this run must have ended or been abandoned.
    private void Session(Runspace? session)
    {
        _session = session;
        if (session is not null)
            session.StateChanged += OnSessionChanged;
    }

    private void OnSessionChanged(object? sender, RunspaceStateEventArgs change)
    {
        if (change.RunspaceStateInfo.State is RunspaceState.Closing or RunspaceState.Closed && !_ended.Task.IsCompleted)
            StopJob();
    }

    private void Run(PipelineThreadQueue queue, Task<DagRunResult> run, Func<DagRunResult, WrittenRun> read)
    {
        var state = JobState.Completed;
        try
        {
            queue.DrainUntilEnd(run, _stop);
            var result = run.GetAwaiter().GetResult();
            var written = read(result);
            Output.Add(PSObject.AsPSObject(written.Run));
            if (written.Warning is { } warning)
                Warning.Add(new WarningRecord(warning));
            foreach (var error in written.Errors)
                Error.Add(error);
            state = StateOf(result.Status);
        }
        catch (DagException error)
        {
            Tell(ErrorRecords.From(error));
            state = JobState.Failed;
        }
        catch (OperationCanceledException)
        {
            // It was stopped while it waited for its turn, and has no run.
            state = JobState.Stopped;
        }
        catch (Exception error)
        {
            // No one would catch an exception that leaves this thread.
            Tell(new ErrorRecord(error, error.GetType().Name, ErrorCategory.NotSpecified, null));
            state = JobState.Failed;
        }
        finally
        {
            if (_session is { } session)
                session.StateChanged -= OnSessionChanged;
            // A handler of the state change may dispose the job at once, on this thread.
            _ended.SetResult();
            End(state);
        }
    }

    private static JobState StateOf(DagRunStatus status) => status switch
    {
        DagRunStatus.Failed => JobState.Failed,
        DagRunStatus.Cancelled => JobState.Stopped,
        _ => JobState.Completed,
    };

    private void Tell(ErrorRecord error)
    {
        try
        {
            Error.Add(error);
        }
        catch (Exception)
        {
            // The job was removed while it ended, after waiting for it had timed out, and its streams are closed. Or somebody listens to
            // them and throws: nothing would catch that on this thread.
        }
    }

    private void End(JobState state)
    {
        try
        {
            _end = state;
            SetJobState(state);
        }
        catch (ObjectDisposedException)
        {
            // The job was removed while it ended.
        }
    }
}
