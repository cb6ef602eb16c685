using System.ComponentModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Hosting;

namespace Lythonic.Dag.Internal;

/// <summary>
/// A worker runspace. It has one long pipeline, in which a loop takes calls and makes them: that costs microseconds a call, while a
/// pipeline for each call would cost a millisecond. The public members are for that loop.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Worker
{
    // However a call ends the loop, by 'exit' or a stop, its interrupts end here, before PowerShell ends the pipeline.
    private static readonly string Loop =
        $"param($__worker) $__worker.Attach($ExecutionContext); "
        + $"try {{ while ($__call = $__worker.Next()) {{ {CallScripts.Worker} }} }} finally {{ $__worker.Leave() }}";

    /// <summary>How long a stopped call may take to end before its worker is abandoned.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>How long an interrupted call may take to end before its thread is abandoned.</summary>
    private static readonly TimeSpan LastGrace = TimeSpan.FromSeconds(1);

    // How often a call that has not ended is looked at, for a wait that can be interrupted.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    // How long PowerShell may take between closing a runspace and stopping its pipeline.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);
    private const int LongestWait = 100;

    private readonly WorkerPool _pool;
    private readonly Runspace _runspace;
    private readonly PowerShell _shell;
    private readonly object _gate = new();
    private readonly Func<bool> _isClosing;
    private readonly CallInterrupt _interrupt = new();
    private WorkerSession? _session;
    private Func<SessionSnapshot, bool>? _suits;
    private Thread? _thread;
    private WorkerJob? _job;
    private CancellationTokenRegistration _cancellation;
    private IDisposable? _environment;
    private ActiveSpan _span;
    private bool _stopping;
    private volatile bool _hasOpened;
    private volatile bool _closing;
    private bool _closed;

    private Worker(WorkerPool pool, CallerHost host)
    {
        _pool = pool;
        _isClosing = () => _closing;
        _runspace = RunspaceFactory.CreateRunspace(new WorkerHost(host, () => _job), InitialSessionState.CreateDefault2());
        _runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        _shell = PowerShell.Create();
        _shell.Runspace = _runspace;
    }

    /// <summary>Opens a worker; its loop begins on a thread of its own.</summary>
    /// <param name="pool">Where it takes calls from.</param>
    /// <param name="host">The host of the session whose call it is opened for: a runspace asks for its host's name once.</param>
    internal static void Start(WorkerPool pool, CallerHost host)
    {
        var worker = new Worker(pool, host);
        try
        {
            worker._runspace.Open();
            WorkerStreams.Listen(worker._shell.Streams, () => worker._job?.Call);
            worker._shell.AddScript(Loop, useLocalScope: true).AddArgument(worker);
            worker._shell.InvocationStateChanged += worker.OnStateChanged;
            worker._runspace.StateChanged += worker.OnRunspaceStateChanged;
            worker._shell.BeginInvoke();
        }
        catch
        {
            worker._shell.InvocationStateChanged -= worker.OnStateChanged;
            worker.OnOwnThread(static failed => failed._runspace.Dispose());
            throw;
        }
    }

    /// <summary>Called by the loop when it begins.</summary>
    /// <param name="engine">The worker's own <c>$ExecutionContext</c>.</param>
    public void Attach(EngineIntrinsics engine)
    {
        // PowerShell makes pipeline threads that keep a process alive. An idle worker must not do that.
        _thread = Thread.CurrentThread;
        _thread.IsBackground = true;
        _session = new WorkerSession(engine);
        _suits = _session.Suits;
        _hasOpened = true;
        _pool.Opened();
    }

    /// <summary>Ends the call before and waits for the next one.</summary>
    /// <returns>The next call; <see langword="null"/> ends the worker.</returns>
    public ScriptCall? Next()
    {
        if (!Finish())
            return null;
        while (_pool.Dequeue(_isClosing, _suits!) is { } job)
        {
            if (Begin(job))
                return job.Call;
            if (!Finish())
                return null;
        }

        if (_closing)
            AwaitStop();
        return null;
    }

    /// <summary>Called by the loop when it ends: what its thread does from now on is not interrupted.</summary>
    public void Leave() => _interrupt.Leave();

    // PowerShell stops the pipeline of a runspace that it closes. If the loop ended by itself at that moment, the stop would fail on
    // PowerShell's own thread, and that would end the process with an error.
    private void AwaitStop()
    {
        for (var left = LongestWait; left > 0 && _shell.InvocationStateInfo.State == PSInvocationState.Running; left--)
            Thread.Sleep(Moment);
        Thread.Sleep(Moment);
    }

    private bool Begin(WorkerJob job)
    {
        var call = job.Call;
        _interrupt.Enter();
        lock (_gate)
        {
            _job = job;
            _cancellation = call.NodeCall.CancellationToken.UnsafeRegister(static state => ((Worker)state!).Stop(), this);
        }

        NodeRunContext.Current = new(call.Context.RunId, call.Context.NodeLabel, call.Context.Path);
        _span = ActiveSpan.Enter(call.NodeCall.Span);
        if (call.NodeCall.CancellationToken.IsCancellationRequested)
            return false;
        try
        {
            _session!.Apply(job.Snapshot, call.NodeCall.IsStrict, call.NodeCall.CancellationToken);
            var traits = job.Snapshot.TraitsOf(call.Code);
            _session.Keep(traits.Assigned);
            if (traits.TouchesEnvironment)
                _environment = _pool.Environment.Enter();
            var (script, around) = _session.ScriptsOf(call.Code);
            if (!call.Begin(
                script,
                around is null ? null : job.Around(ScriptBlockCode.NoVariables),
                around,
                around is null ? StrictMode.Off : _session.StrictMode))
                return false;
            WarnOfClasses(job);
            return true;
        }
        catch (RuntimeException error)
        {
            call.Fail(error.ErrorRecord);
            return false;
        }
        catch (Exception error) when (error is DagException or OperationCanceledException)
        {
            call.Fail(error);
            return false;
        }
    }

    private static void WarnOfClasses(WorkerJob job)
    {
        var given = job.Call.Given;
        for (var index = 0; index < given.Count; index++)
            WarnOfClass(given[index].Value, job);
        WarnOfClass(job.Call.PipelineValue, job);
        foreach (var type in job.Call.Code.UsedClasses)
            WarnOf(type, job);
    }

    private static void WarnOfClass(object? value, WorkerJob job)
    {
        if (ScriptClasses.BoundClassOf(value) is { } type)
            WarnOf(type, job);
    }

    private static void WarnOf(Type type, WorkerJob job)
    {
        if (!job.Snapshot.WarnsOf(type))
            return;
        var warning = new WarningRecord($"Gets an object of the script class [{type.Name}] from another session: {ScriptClasses.Advice}");
        job.Call.NodeCall.Say(new NodeMessage("warning", warning.Message, DateTimeOffset.UtcNow), warning);
    }

    // Ends the current call. Returns whether this worker may be used again.
    private bool Finish()
    {
        if (_job is not { } job)
            return true;
        _interrupt.Leave();
        var outcome = OutcomeOf(job);
        var isClean = _session!.IsWhole && !job.Snapshot.TraitsOf(job.Call.Code).TouchesGlobals;
        bool isStopping;
        lock (_gate)
        {
            _job = null;
            isStopping = _stopping;
        }

        var goesOn = CleanUp() && isClean && _session.IsWhole && !isStopping;
        WorkerPool.End(job, outcome, goesOn);
        return goesOn;
    }

    // Whatever fails from here on, the call must end: no one else holds it any more.
    private static NodeOutcome OutcomeOf(WorkerJob job)
    {
        try
        {
            job.Call.Settle();
            return job.Call.NodeCall.CancellationToken.IsCancellationRequested ? NodeOutcome.Cancelled() : job.Call.End();
        }
        catch (Exception error)
        {
            return NodeOutcome.From(error, job.Call.NodeCall.CancellationToken);
        }
    }

    private bool CleanUp()
    {
        try
        {
            _cancellation.Dispose();
            NodeRunContext.Current = null;
            _span.Dispose();
            _span = default;
            _environment?.Dispose();
            _session!.Reset();
            return true;
        }
        catch (Exception)
        {
            // We do not know what the node left behind, so no other node may use this worker.
            return false;
        }
    }

    private void Stop()
    {
        lock (_gate)
        {
            if (_job is null || _stopping)
                return;
            _stopping = true;
        }

        OnOwnThread(static worker => worker._shell.Stop());
        _ = GiveUpAsync();
    }

    private async Task GiveUpAsync()
    {
        await Task.Delay(Grace, CancellationToken.None).ConfigureAwait(false);
        if (_job is not { } job)
            return;
        // A thread that waits inside a script class of another session holds the lock on that session's events. The process could not end.
        var last = Task.Delay(LastGrace, CancellationToken.None);
        while (!last.IsCompleted && !job.Done.IsCompleted)
        {
            if (_thread is { } thread)
                _interrupt.TryInterrupt(thread);
            await Task.WhenAny(job.Done, last, Task.Delay(Look, CancellationToken.None)).ConfigureAwait(false);
        }

        if (job.Done.IsCompleted)
            return;
        job.Call.NodeCall.Abandoned = true;
        try
        {
            _environment?.Dispose();
            Close(null);
            // The caller may end the process as soon as it sees the result, and the process waits for open runspaces.
            SpinWait.SpinUntil(() => _closing, Grace);
        }
        finally
        {
            job.End(NodeOutcome.Cancelled());
        }
    }

    // When a process ends, PowerShell closes every runspace and waits for its pipeline. An idle worker has to end its loop.
    private void OnRunspaceStateChanged(object? sender, RunspaceStateEventArgs change)
    {
        if (change.RunspaceStateInfo.State is RunspaceState.Opened or RunspaceState.Opening)
            return;
        _closing = true;
        _pool.Wake();
    }

    private void OnStateChanged(object? sender, PSInvocationStateChangedEventArgs change)
    {
        if (change.InvocationStateInfo.State is not (PSInvocationState.Completed or PSInvocationState.Failed or PSInvocationState.Stopped))
            return;
        var why = change.InvocationStateInfo.Reason;
        if (_job is { } job)
        {
            _environment?.Dispose();
            job.End(job.Call.NodeCall.CancellationToken.IsCancellationRequested
                ? NodeOutcome.Cancelled()
                : NodeOutcome.Failed(new NodeFailure(
                    why is null
                        ? $"The node '{job.Call.Context.NodeLabel}' ended its runspace, as 'exit' or a labelled 'break' does."
                        : why.Message,
                    why?.ToString(),
                    why)));
        }

        Close(why);
    }

    private void Close(Exception? why)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
        }

        if (_hasOpened)
            _pool.Closed();
        else
            _pool.FailedToOpen(why);
        OnOwnThread(static worker =>
        {
            // If PowerShell itself closes the runspace, as at the end of a process, it may be about to stop this pipeline. If the pipeline
            // is disposed of meanwhile, that fails on a thread of PowerShell, and ends the process with an error.
            if (worker._runspace.RunspaceStateInfo.State == RunspaceState.Opened
                && worker._shell.InvocationStateInfo.State is not (PSInvocationState.Running or PSInvocationState.Stopping))
                worker._shell.Dispose();
            worker._runspace.Close();
        });
    }

    // Stopping or closing a pipeline waits for it, possibly for ever. The threads that PowerShell uses for that would keep the process
    // alive.
    private void OnOwnThread(Action<Worker> end)
    {
        var thread = new Thread(() =>
        {
            try
            {
                end(this);
            }
            catch (Exception)
            {
                // The pipeline had already ended. PowerShell then throws one of several exceptions, NullReferenceException among them.
            }
        })
        {
            IsBackground = true,
            Name = "Lythonic.Dag stop",
        };
        thread.Start();
    }
}
