using System.Collections;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag;

/// <summary>
/// Runs a DAG, and restarts and replays its runs. Inline nodes run on the calling thread: a method that starts a run with inline nodes
/// returns only when the run has ended, unless <see cref="DagRunOptions.CallerThread"/> is set.
/// </summary>
public sealed class DagRunner
{
    private readonly DagRunOptions _options;
    private readonly IValueCodec _codec;
    private readonly IValueConverter _converter;
    private readonly HashSet<RunSession> _sessions = [];

    /// <summary>Makes a runner.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="provenance">The store that keeps its runs; <see langword="null"/> keeps nothing.</param>
    /// <param name="options">The options of its runs; <see langword="null"/> for the defaults.</param>
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

    /// <summary>The store that keeps its runs.</summary>
    public DagProvenance Provenance { get; }

    /// <summary>Runs the DAG.</summary>
    /// <param name="sourceInputs">The source input, by label or by parameter name; or <see langword="null"/>.</param>
    /// <param name="dagNsref">The name under which the run is kept; <see langword="null"/> for the name of the DAG.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns>The result. The task is cancelled if the run was cancelled while it waited for its turn to begin.</returns>
    /// <exception cref="DagException">The DAG or the input is not valid, or the store cannot be used.</exception>
    public Task<DagRunResult> RunAsync(
        IDictionary? sourceInputs = null, string? dagNsref = null, CancellationToken cancellationToken = default) =>
        Guarded(() => PrepareRun(sourceInputs, dagNsref).ExecuteAsync(cancellationToken));

    /// <summary>Continues a run that was paused, failed, cancelled or interrupted.</summary>
    /// <param name="runId">The full id of the run.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <exception cref="DagException">The run cannot be restarted.</exception>
    public Task<DagRunResult> RestartAsync(string runId, CancellationToken cancellationToken = default) =>
        Guarded(() => PrepareRestart(runId).ExecuteAsync(cancellationToken));

    /// <summary>Makes a new run that runs the named nodes again and reuses the old run's outputs for the rest.</summary>
    /// <param name="runId">The full id of the old run.</param>
    /// <param name="rerunNodes">The labels of the nodes to run again.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <exception cref="DagException">The run or a node is not found.</exception>
    public Task<DagRunResult> ReplayAsync(string runId, IEnumerable<string> rerunNodes, CancellationToken cancellationToken = default) =>
        Guarded(() => PrepareReplay(runId, rerunNodes).ExecuteAsync(cancellationToken));

    /// <summary>Makes the plan of a new run. Nothing is stored until <see cref="RunPlan.ExecuteAsync"/> executes it.</summary>
    /// <param name="sourceInputs">As for <see cref="RunAsync"/>.</param>
    /// <param name="dagNsref">As for <see cref="RunAsync"/>.</param>
    /// <exception cref="DagException">As for <see cref="RunAsync"/>.</exception>
    public RunPlan PrepareRun(IDictionary? sourceInputs = null, string? dagNsref = null) => Preparation.Run(sourceInputs, dagNsref);

    /// <summary>
    /// Makes the plan to restart the newest run of the DAG that has the same targets, is paused, failed, cancelled or interrupted, and is
    /// newer than the newest completed run. The source input of the options takes precedence over that of the run. If there is no such run,
    /// makes the plan of a new one. <see cref="DagRunOptions.Overlap"/> holds in both cases.
    /// </summary>
    /// <exception cref="DagException">
    /// As for <see cref="PrepareRestart"/> and <see cref="RunAsync"/>; or the store keeps no runs.
    /// </exception>
    public RunPlan PrepareResume() => Preparation.Resume();

    /// <summary>Makes the plan of a restart. Nothing is stored until <see cref="RunPlan.ExecuteAsync"/> executes it.</summary>
    /// <param name="runId">The full id of the run.</param>
    /// <exception cref="DagException">The run cannot be restarted.</exception>
    public RunPlan PrepareRestart(string runId) => Preparation.Restart(runId);

    /// <summary>Makes the plan of a replay. Nothing is stored until <see cref="RunPlan.ExecuteAsync"/> executes it.</summary>
    /// <param name="runId">The full id of the old run.</param>
    /// <param name="rerunNodes">The labels of the nodes to run again.</param>
    /// <exception cref="DagException">The run or a node is not found.</exception>
    public RunPlan PrepareReplay(string runId, IEnumerable<string> rerunNodes)
    {
        ArgumentNullException.ThrowIfNull(rerunNodes);
        return Preparation.Replay(runId, [.. rerunNodes]);
    }

    /// <summary>Executes a plan with the options of this runner.</summary>
    /// <param name="plan">The plan, made by this runner or by another one of the same DAG and store.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
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

    /// <summary>Runs one node alone, as the DAG would run it. Nothing is stored.</summary>
    /// <param name="label">The node's label.</param>
    /// <param name="parameters">Values by parameter name. A composite node, or a node without parameters, takes one value, under the key
    /// <c>_</c>.</param>
    /// <param name="cancellationToken">Cancels the node.</param>
    /// <returns>A result whose only output is that of the node.</returns>
    /// <exception cref="DagException">There is no such node, or a value does not fit.</exception>
    public Task<DagRunResult> RunNodeAsync(string label, IDictionary? parameters = null, CancellationToken cancellationToken = default) =>
        Guarded(() =>
        {
            var (alone, input) = SingleNode.Isolate(Dag, label, parameters);
            var overrides = _options.Overrides.Where(code => alone.Contains(code.Key)).ToDictionary(StringComparer.OrdinalIgnoreCase);
            return new DagRunner(alone, null, _options with { Overrides = overrides }).RunAsync(input, null, cancellationToken);
        });

    /// <summary>Pauses the runs of this runner: nodes in flight finish, and no other node starts.</summary>
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
        // Before the run is opened, so that Pause reaches it from the start.
        lock (_sessions)
            _sessions.Add(session);
        try
        {
            (prepared, var handle) = await RunOpening.OpenAsync(prepared, Provenance, session.Cancelled).ConfigureAwait(false);
            var ended = new TaskCompletionSource<DagRunStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
            var run = new RunExecution(session, prepared.Dag, handle, prepared.Path, OrderKey.Root, null)
            {
                Ended = status => ended.TrySetResult(status),
            };
            session.Root = run;
            handle.PauseRequested += session.PauseOnRequest;
            try
            {
                await BeginAsync(session, run, prepared.Restore).ConfigureAwait(false);
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
        var isStored = false;
        try
        {
            // The run must be durable before its first node starts: that node may look for the run to pause it, or may take the process
            // down, and then the run must be found as interrupted.
            session.Invoker.LeaveThread();
            await session.Provenance.FlushHereAsync().ConfigureAwait(false);
            isStored = true;
            await takeUp(session, run).ConfigureAwait(false);
        }
        catch (DagException error)
        {
            run.Trace?.End(DagRunStatus.Failed, NodeFailure.From(error));
            session.Provenance.EndRun(run.Handle, new RunEnd(DagRunStatus.Failed, session.Now(), null, "The run could not be taken up."));
            session.Observer?.RunEnded(run.Handle.RunId, DagRunStatus.Failed);
            throw isStored ? StoreFault.InRun(error, run) : error;
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
        catch (DagException error) when (session.Fault is null or { Exception: DagException })
        {
            throw StoreFault.InRun(error, run);
        }
        catch (Exception error)
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

    // The methods throw only through their tasks, as callers of async methods expect.
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
