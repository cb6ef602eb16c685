using System.Collections;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag;

/// <summary>
/// Runs a DAG, restarts its runs and replays them. Inline nodes run on the thread that calls: a run that has any is worked on by that
/// thread until it has ended, unless <see cref="DagRunOptions.CallerThread"/> says otherwise.
/// </summary>
public sealed class DagRunner
{
    private readonly DagRunOptions _options;
    private readonly IValueCodec _codec;
    private readonly IValueConverter _converter;
    private readonly HashSet<RunSession> _sessions = [];

    /// <summary>Makes a runner.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="provenance">What keeps its runs; <see langword="null"/> keeps nothing.</param>
    /// <param name="options">How runs are run; <see langword="null"/> for the defaults.</param>
    public DagRunner(Dag dag, DagProvenance? provenance = null, DagRunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dag);
        Dag = dag;
        Provenance = provenance ?? new NullProvenance();
        _options = options ?? new DagRunOptions();
        _codec = _options.Codec ?? new JsonValueCodec();
        _converter = _options.Converter ?? new ClrValueConverter();
        if (LazySequence.ReadIn(_options.SourceInput, _converter) is var whole && whole != _options.SourceInput)
            _options = _options with { SourceInput = whole };
    }

    /// <summary>The DAG.</summary>
    public Dag Dag { get; }

    /// <summary>What keeps its runs.</summary>
    public DagProvenance Provenance { get; }

    /// <summary>Runs the DAG.</summary>
    /// <param name="sourceInputs">By label, or by parameter name; or <see langword="null"/>.</param>
    /// <param name="dagNsref">The name that the run is kept under; <see langword="null"/> for the DAG's.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="DagException">The DAG or the input is unsound, or the store cannot be used.</exception>
    public Task<DagRunResult> RunAsync(
        IDictionary? sourceInputs = null, string? dagNsref = null, CancellationToken cancellationToken = default) =>
        Guarded(() => PrepareRun(sourceInputs, dagNsref).ExecuteAsync(cancellationToken));

    /// <summary>Goes on with a run that was paused, failed, cancelled or interrupted.</summary>
    /// <param name="runId">The run's whole id.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="DagException">The run cannot be restarted.</exception>
    public Task<DagRunResult> RestartAsync(string runId, CancellationToken cancellationToken = default) =>
        Guarded(() => PrepareRestart(runId).ExecuteAsync(cancellationToken));

    /// <summary>Makes a new run that runs the named nodes again and reuses the old run's outputs for the rest.</summary>
    /// <param name="runId">The old run's whole id.</param>
    /// <param name="rerunNodes">The labels of the nodes to run again.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="DagException">The run or a node is not found.</exception>
    public Task<DagRunResult> ReplayAsync(string runId, IEnumerable<string> rerunNodes, CancellationToken cancellationToken = default) =>
        Guarded(() => PrepareReplay(runId, rerunNodes).ExecuteAsync(cancellationToken));

    /// <summary>Decides what a run does with each node; its <see cref="RunPlan.ExecuteAsync"/> does it.</summary>
    /// <param name="sourceInputs">As for <see cref="RunAsync"/>.</param>
    /// <param name="dagNsref">As for <see cref="RunAsync"/>.</param>
    /// <exception cref="DagException">As for <see cref="RunAsync"/>.</exception>
    public RunPlan PrepareRun(IDictionary? sourceInputs = null, string? dagNsref = null) => Preparation.Run(sourceInputs, dagNsref);

    /// <summary>
    /// Decides how the DAG goes on: with its newest run of the same targets that is paused, failed, cancelled or interrupted and newer than
    /// the newest completed one, with the source input of the options over its own; or with a new run where there is none.
    /// <see cref="DagRunOptions.Overlap"/> is judged before that run is taken over.
    /// </summary>
    /// <exception cref="DagException">As for <see cref="PrepareRestart"/> and <see cref="RunAsync"/>; or nothing is kept.</exception>
    public RunPlan PrepareResume() => Preparation.Resume();

    /// <summary>Decides what a restart does with each node; its <see cref="RunPlan.ExecuteAsync"/> does it. Nothing is changed.</summary>
    /// <param name="runId">The run's whole id.</param>
    /// <exception cref="DagException">The run cannot be restarted.</exception>
    public RunPlan PrepareRestart(string runId) => Preparation.Restart(runId);

    /// <summary>Decides what a replay does with each node; its <see cref="RunPlan.ExecuteAsync"/> does it. Nothing is changed.</summary>
    /// <param name="runId">The old run's whole id.</param>
    /// <param name="rerunNodes">The labels of the nodes to run again.</param>
    /// <exception cref="DagException">The run or a node is not found.</exception>
    public RunPlan PrepareReplay(string runId, IEnumerable<string> rerunNodes)
    {
        ArgumentNullException.ThrowIfNull(rerunNodes);
        return Preparation.Replay(runId, [.. rerunNodes]);
    }

    /// <summary>Does what a plan says that a runner of the same DAG and store made, with the options of this runner.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="DagException">As for <see cref="RunPlan.ExecuteAsync"/>.</exception>
    public Task<DagRunResult> ExecuteAsync(RunPlan plan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Guarded(() =>
        {
            Provenance.EnsureWritable();
            return ExecuteAsync(plan.Prepared, cancellationToken);
        });
    }

    /// <summary>Runs one node alone, as the DAG would run it. Keeps nothing.</summary>
    /// <param name="label">The node's label.</param>
    /// <param name="parameters">Values by parameter; the one value of a node without parameters, and of a composite node, has the key
    /// <c>_</c>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A result whose one output is the node's.</returns>
    /// <exception cref="DagException">There is no such node, or a value does not fit.</exception>
    public Task<DagRunResult> RunNodeAsync(string label, IDictionary? parameters = null, CancellationToken cancellationToken = default) =>
        Guarded(() =>
        {
            var (alone, input) = SingleNode.Isolate(Dag, label, parameters);
            var overrides = _options.Overrides.Where(code => alone.Contains(code.Key)).ToDictionary(StringComparer.OrdinalIgnoreCase);
            return new DagRunner(alone, null, _options with { Overrides = overrides }).RunAsync(input, null, cancellationToken);
        });

    /// <summary>Pauses the runs of this runner: nodes in flight finish, none starts.</summary>
    public void Pause()
    {
        List<RunSession> sessions;
        lock (_sessions)
            sessions = [.. _sessions];
        foreach (var session in sessions)
            session.PauseOnRequest();
    }

    private RunPreparation Preparation => new(this, _options, _codec, _converter);

    private Task<DagRunResult> ExecuteAsync(PreparedRun prepared, CancellationToken cancellationToken)
    {
        if (_options.CallerThread is not null || !(_options.Inline || prepared.Dag.HasInline))
            return RunRootAsync(prepared, _options.CallerThread, cancellationToken);
        using var pump = new CallerThreadPump();
        var run = RunRootAsync(prepared, pump, cancellationToken);
        pump.RunUntilEnded(run);
        return run;
    }

    private async Task<DagRunResult> RunRootAsync(PreparedRun prepared, ICallerThread? caller, CancellationToken cancellationToken)
    {
        var invoker = _options.Invoker ?? new PoolInvoker(_converter, caller, _options.Clock);
        using var session = new RunSession(_options, Provenance, invoker, _codec, _converter, cancellationToken);
        // Before the run is opened: who asks it to pause from then on is heard.
        lock (_sessions)
            _sessions.Add(session);
        try
        {
            (prepared, var handle) = await RunOpening.OpenAsync(prepared, Provenance, session.Cancelled).ConfigureAwait(false);
            var ended = new TaskCompletionSource<DagRunStatus>(
                _options.EndsInPlace ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
            var run = new RunExecution(session, prepared.Dag, handle, prepared.Path, OrderKey.Root, null)
            {
                Ended = status => ended.TrySetResult(status),
            };
            session.Root = run;
            handle.PauseRequested += session.PauseOnRequest;
            try
            {
                await BeginAsync(session, run, prepared.Restore).ConfigureAwait(false);
                if (prepared.Warning is { } warning)
                    run.Warn(warning);
                var result = await EndAsync(session, run, await ended.Task.ConfigureAwait(false)).ConfigureAwait(false);
                RunLog.Summary(run, result);
                if (Dag.KeepLast is { } kept && result.Status == DagRunStatus.Completed && Provenance.KeepsRuns)
                    OldRuns.Remove(run, kept);
                return result;
            }
            finally
            {
                handle.PauseRequested -= session.PauseOnRequest;
            }
        }
        finally
        {
            lock (_sessions)
                _sessions.Remove(session);
        }
    }

    private static async Task BeginAsync(RunSession session, RunExecution run, Func<RunSession, RunExecution, ValueTask> takeUp)
    {
        try
        {
            // Before its first node starts a run can be found: to be paused from inside it, or as interrupted where that node takes the
            // process down.
            session.Invoker.LeaveThread();
            await session.Provenance.FlushHereAsync().ConfigureAwait(false);
            await takeUp(session, run).ConfigureAwait(false);
        }
        catch (DagException error)
        {
            run.Trace?.End(DagRunStatus.Failed, NodeFailure.From(error));
            session.Provenance.EndRun(run.Handle, new RunEnd(DagRunStatus.Failed, session.Now(), null, "The run could not be taken up."));
            session.Observer?.RunEnded(run.Handle.RunId, DagRunStatus.Failed);
            throw;
        }
        catch (Exception error)
        {
            session.Fail(error);
        }

        lock (session.Lock)
            run.Begin();
        session.DispatchFew();
    }

    private static async Task<DagRunResult> EndAsync(RunSession session, RunExecution run, DagRunStatus status)
    {
        try
        {
            session.Invoker.LeaveThread();
            await session.Provenance.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is not DagException || session.Fault is not null)
        {
            session.Fail(error);
        }

        var failure = session.Fault ?? run.Failure;
        return new DagRunResult(
            run.Handle.RunId,
            session.Fault is null ? status : DagRunStatus.Failed,
            [],
            session.Fault is null ? run.FailedNode : null,
            session.Fault?.Message ?? run.Said(status))
        {
            Errors = run.Errors,
            ReadOutputs = run.SinkOutputs,
            Failure = failure,
            Nodes = run.Results(),
            StartedAt = run.StartedAt,
            FinishedAt = session.Now(),
        };
    }

    // Misuse comes out of the task, as a caller who awaits expects, and not out of the call.
    private static Task<DagRunResult> Guarded(Func<Task<DagRunResult>> start)
    {
        try
        {
            return start();
        }
        catch (DagException error)
        {
            return Task.FromException<DagRunResult>(error);
        }
    }
}
