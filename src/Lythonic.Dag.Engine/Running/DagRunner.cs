using System.Collections;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag;

/// <summary>
/// Runs a DAG, restarts its runs and replays them. Inline nodes run on the thread that calls: a run that has any is worked on by that thread
/// until it has ended, unless <see cref="DagRunOptions.CallerThread"/> says otherwise.
/// </summary>
public sealed partial class DagRunner
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
    public Task<DagRunResult> RunAsync(IDictionary? sourceInputs = null, string? dagNsref = null, CancellationToken cancellationToken = default) =>
        Guarded(() =>
        {
            var dag = Compile(sourceInputs ?? _options.SourceInput);
            var input = Provenance.KeepsRuns ? SourceInputJson.Write(Dag, sourceInputs ?? _options.SourceInput, _codec, _converter) : null;
            Provenance.EnsureWritable();
            var start = NewRun(dag, dagNsref ?? Dag.Name, input);
            return ExecuteAsync(dag, () => Provenance.CreateRun(start), start.Path, (session, run) =>
            {
                Began(session, run, start.StartedAt);
                return ValueTask.CompletedTask;
            }, cancellationToken);
        });

    /// <summary>Goes on with a run that was paused, failed, cancelled or interrupted.</summary>
    /// <param name="runId">The run's whole id.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="DagException">The run cannot be restarted.</exception>
    public Task<DagRunResult> RestartAsync(string runId, CancellationToken cancellationToken = default) =>
        Guarded(() =>
        {
            var (stored, dag, merged) = PrepareRestart(runId);
            var input = _options.SourceInput is null ? null : SourceInputJson.Write(Dag, merged, _codec, _converter);
            Provenance.EnsureWritable();
            return ExecuteAsync(
                dag,
                () => Provenance.ClaimRun(stored.RunId, StoredNodes.DefinitionOf(dag, stored, Provenance), input, _options.Tags, _options.Force),
                stored.Path,
                (session, run) =>
                {
                    run.Resumed = stored;
                    StoredNodes.Restore(run, stored, session);
                    Began(session, run, stored.StartedAt);
                    return ValueTask.CompletedTask;
                },
                cancellationToken);
        });

    /// <summary>Makes a new run that runs the named nodes again and reuses the old run's outputs for the rest.</summary>
    /// <param name="runId">The old run's whole id.</param>
    /// <param name="rerunNodes">The labels of the nodes to run again.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="DagException">The run or a node is not found.</exception>
    public Task<DagRunResult> ReplayAsync(string runId, IEnumerable<string> rerunNodes, CancellationToken cancellationToken = default) =>
        Guarded(() =>
        {
            var (stored, dag, input, reused) = PrepareReplay(runId, rerunNodes);
            Provenance.EnsureWritable();
            var start = NewRun(dag, stored.Path, SourceInputJson.Write(Dag, input, _codec, _converter)) with { ReplayedFrom = stored.RunId };
            return ExecuteAsync(
                dag,
                () => Provenance.CreateRun(start),
                start.Path,
                (session, run) =>
                {
                    Began(session, run, start.StartedAt);
                    Replay.TakeOver(run, reused, session);
                    return Provenance.FlushAsync();
                },
                cancellationToken);
        });

    /// <summary>Runs one node alone, as the DAG would run it. Keeps nothing.</summary>
    /// <param name="label">The node's label.</param>
    /// <param name="parameters">Values by parameter; the one value of a node without parameters, and of a composite node, has the key <c>_</c>.</param>
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

    /// <summary>What <see cref="RunAsync"/> would do.</summary>
    /// <param name="sourceInputs">As for the run.</param>
    /// <exception cref="DagException">As for the run.</exception>
    public IReadOnlyList<PlannedNode> PlanRun(IDictionary? sourceInputs = null) =>
        Compile(sourceInputs ?? _options.SourceInput).Nodes.Select(node => new PlannedNode(node.Label, PlannedAction.Run, "a new run runs every node")).ToArray();

    /// <summary>What <see cref="RestartAsync"/> would do.</summary>
    /// <param name="runId">The run's whole id.</param>
    /// <exception cref="DagException">As for the restart.</exception>
    public IReadOnlyList<PlannedNode> PlanRestart(string runId)
    {
        var (stored, dag, _) = PrepareRestart(runId);
        var nodes = Provenance.GetNodeRuns(stored).ToDictionary(node => node.Label, StringComparer.OrdinalIgnoreCase);
        return dag.Nodes.Select(node => nodes.TryGetValue(node.Label, out var before)
            ? StoredNodes.IsDone(before)
                ? new PlannedNode(node.Label, PlannedAction.Reuse, $"it is {(before.Status == NodeStatus.Skipped ? "reused" : before.Status.ToName())}")
                : new PlannedNode(node.Label, PlannedAction.Run, before.FinishedAt is null ? $"attempt {before.Attempt} was in flight when its process ended" : $"it is {before.Status.ToName()}, attempt {before.Attempt}")
            : new PlannedNode(node.Label, PlannedAction.Run, "it has not started")).ToArray();
    }

    /// <summary>What <see cref="ReplayAsync"/> would do.</summary>
    /// <param name="runId">The old run's whole id.</param>
    /// <param name="rerunNodes">The labels of the nodes to run again.</param>
    /// <exception cref="DagException">As for the replay.</exception>
    public IReadOnlyList<PlannedNode> PlanReplay(string runId, IEnumerable<string> rerunNodes)
    {
        ArgumentNullException.ThrowIfNull(rerunNodes);
        var labels = rerunNodes.ToList();
        var (stored, dag, _, reused) = PrepareReplay(runId, labels);
        return Replay.Plan(dag, labels, reused, _options.IncludeDownstream, stored.RunId);
    }

    private CompiledDag Compile(IDictionary? input, bool lacksParts = false) => DagCompiler.Compile(Dag, input, _options.Overrides, _converter, lacksParts);

    private (CompiledDag Dag, StoredInput Input) CompileOver(StoredRun stored)
    {
        var input = StoredInput.Of(Dag, Provenance.GetSourceInput(stored), _options.SourceInput, _codec, _converter);
        return (Compile(input.Values, input.LacksParts), input);
    }

    private RunStart NewRun(CompiledDag dag, string path, string? input) =>
        new(_options.RunId ?? RunIds.OfRun(), path, dag.Definition, _options.Clock.GetUtcNow()) { SourceInput = input, Tags = _options.Tags };

    private Task<DagRunResult> ExecuteAsync(
        CompiledDag dag, Func<RunHandle> open, string path, Func<RunSession, RunExecution, ValueTask> restore, CancellationToken cancellationToken)
    {
        if (_options.CallerThread is not null || !(_options.Inline || dag.HasInline))
            return RunRootAsync(dag, open, path, restore, _options.CallerThread, cancellationToken);
        using var pump = new CallerThreadPump();
        var run = RunRootAsync(dag, open, path, restore, pump, cancellationToken);
        pump.RunUntilEnded(run);
        return run;
    }

    private async Task<DagRunResult> RunRootAsync(
        CompiledDag dag, Func<RunHandle> open, string path, Func<RunSession, RunExecution, ValueTask> restore, ICallerThread? caller, CancellationToken cancellationToken)
    {
        var invoker = _options.Invoker ?? new PoolInvoker(_converter, caller, _options.Clock);
        using var session = new RunSession(_options, Provenance, invoker, _codec, _converter, cancellationToken);
        // Before the run is opened: who asks it to pause from then on is heard.
        lock (_sessions)
            _sessions.Add(session);
        try
        {
            var handle = open();
            var ended = new TaskCompletionSource<DagRunStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
            var run = new RunExecution(session, dag, handle, path, OrderKey.Root, null) { Ended = status => ended.TrySetResult(status) };
            session.Root = run;
            handle.PauseRequested += session.PauseOnRequest;
            try
            {
                await BeginAsync(session, run, restore).ConfigureAwait(false);
                return await EndAsync(session, run, await ended.Task.ConfigureAwait(false)).ConfigureAwait(false);
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

    private static void Began(RunSession session, RunExecution run, DateTimeOffset at)
    {
        session.NotBefore(at);
        run.StartedAt = at;
        run.Announce();
    }

    private static async Task BeginAsync(RunSession session, RunExecution run, Func<RunSession, RunExecution, ValueTask> restore)
    {
        try
        {
            // Before its first node starts a run can be found: to be paused from inside it, or as interrupted where that node takes the process down.
            await session.FlushAsync().ConfigureAwait(false);
            await restore(session, run).ConfigureAwait(false);
        }
        catch (DagException)
        {
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
        session.Dispatch();
    }

    private static async Task<DagRunResult> EndAsync(RunSession session, RunExecution run, DagRunStatus status)
    {
        try
        {
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
