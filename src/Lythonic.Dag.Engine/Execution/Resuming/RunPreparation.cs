using System.Collections;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// Decides everything about a run, a restart or a replay, once, before anything is stored: the plan that is shown is the one that runs.
/// </summary>
/// <param name="runner">The runner that the plan is made for.</param>
/// <param name="options">How the run is run.</param>
/// <param name="codec">Reads and writes values.</param>
/// <param name="converter">Converts values.</param>
internal sealed class RunPreparation(DagRunner runner, DagRunOptions options, IValueCodec codec, IValueConverter converter)
{
    private readonly Dag _dag = runner.Dag;
    private readonly DagProvenance _provenance = runner.Provenance;

    /// <summary>Prepares a new run.</summary>
    /// <exception cref="DagException">The DAG or the input is unsound.</exception>
    public RunPlan Run(IDictionary? sourceInputs, string? dagNsref)
    {
        if (options.Overlap != DagOverlap.Allow && !_provenance.KeepsRuns)
            throw NullProvenance.TurnRequired(_dag.Name);
        var given = LazySequence.ReadIn(sourceInputs, converter) ?? options.SourceInput;
        var dag = Compile(given, options.Targets);
        var input = _provenance.KeepsRuns ? SourceInputJson.Write(_dag, given, codec, converter) : null;
        var prepared = NewRun(dag, dagNsref ?? _dag.Name, input, options.Targets, null, static (_, _) => ValueTask.CompletedTask)
            with { Overlap = options.Overlap };
        return new(
            runner, prepared,
            () => Refined(dag, dagNsref ?? _dag.Name, [.. dag.Nodes.Select(PlanOf)], static (_, _) => { }), []);
    }

    /// <summary>Prepares the newest run that can go on, or a new one.</summary>
    /// <exception cref="DagException">It cannot go on, or the DAG or the input is unsound.</exception>
    public RunPlan Resume()
    {
        if (!_provenance.KeepsRuns)
            throw NullProvenance.Required();
        IReadOnlyList<string> targets = [.. options.Targets.Select(label => _dag[label].Label)];
        while (true)
        {
            var left = UnfinishedRuns.Find(_provenance, _dag.Name, targets);
            try
            {
                return left.Count == 0 ? Resumed(RunAnew(), null) : Resumed(Resume(left[0]), left);
            }
            catch (DagException) when (left.Count > 0 && _provenance.FindRun(left[0].RunId) is null)
            {
                // Somebody has removed it since it was found.
            }
        }
    }

    // Who asks to go on expects a run that has its input.
    private RunPlan RunAnew()
    {
        try
        {
            return Run(null, null);
        }
        catch (DagException error) when (error.Problems.Any(problem => problem.ErrorId == DagErrorId.DagInputMissing))
        {
            var why = $"There is no run of '{_dag.Name}' to go on with, and a new one needs it.";
            throw new DagException([.. error.Problems.Select(problem =>
                problem.ErrorId == DagErrorId.DagInputMissing ? problem with { Message = $"{problem.Message} {why}" } : problem)]);
        }
    }

    private RunPlan Resumed(RunPlan plan, IReadOnlyList<StoredRun>? left)
    {
        var prepared = plan.Prepared with { Overlap = options.Overlap, Again = () => Resume().Prepared };
        if (left is not null)
            prepared = prepared with
            {
                Restore = async (session, run) =>
                {
                    await plan.Prepared.Restore(session, run).ConfigureAwait(false);
                    GoingOn.Tell(run, left);
                },
            };
        return new(runner, prepared, () => plan.Nodes, plan.UnusedInput) { Resumed = left?[0] };
    }

    private RunPlan Resume(StoredRun stored)
    {
        try
        {
            return Restart(stored.RunId);
        }
        catch (DagException error) when (error.Id == DagErrorId.DagDefinitionChanged)
        {
            throw new DagException(error.Id, error.Message, error.Target, null, error)
            {
                Remedy = new DagRemedy(DagRemedyKind.ForceOrBeginAnew) { RunId = stored.RunId, Database = _provenance.Location },
            };
        }
    }

    /// <summary>Prepares a run that goes on.</summary>
    /// <exception cref="DagException">It cannot be restarted.</exception>
    public RunPlan Restart(string runId)
    {
        var stored = FindRun(runId);
        if (options.Feed is null && FedDag.IsOf(stored, _provenance))
            throw FedDag.NotRestartable(stored);
        RequireRestartable(stored);
        var (dag, input) = CompileOver(stored, stored.Targets);
        RequireSame(dag, stored);
        var nodes = _provenance.GetNodeRuns(stored);
        var done = NodeRestoration.Done(dag, nodes).Select(index => dag.Nodes[index].Label).ToList();
        input.RequireWhole(dag, () => done);
        var merged = options.SourceInput is null ? null : SourceInputJson.Write(_dag, input.Values, codec, converter);
        var prepared = new PreparedRun(
            dag,
            stored.Path,
            turn => _provenance.ClaimRun(
                stored.RunId, ChangedNodes.DefinitionOf(dag, stored, _provenance), merged, options.Tags, options.Force, turn),
            (session, run) =>
            {
                run.Resumed = stored;
                // Read again now that this process owns the run: nodes that another process completed meanwhile do not run again.
                NodeRestoration.Restore(run, stored, session);
                Execution.Replay.GoOn(run, stored, session, isRecorded: true);
                Began(session, run, stored.StartedAt);
                if (dag.Nodes.Count(node => RunState.IsDone(run.State[node.Index])) is > 0 and var taken)
                    session.Observer?.NodesTakenOver(run.Handle.RunId, taken);
                run.LeaveOut();
                return ValueTask.CompletedTask;
            });
        return new(
            runner,
            prepared,
            () => Refined(
                dag, stored.Path, NodeRestoration.Plan(dag, nodes),
                (session, run) =>
                {
                    run.Resumed = stored;
                    NodeRestoration.Restore(run, stored, session);
                    Execution.Replay.GoOn(run, stored, session, isRecorded: false);
                }),
            Unused(dag, stored, done));
    }

    /// <summary>Prepares a new run that takes over outputs of an old one.</summary>
    /// <exception cref="DagException">The run or a node is not found.</exception>
    public RunPlan Replay(string runId, IReadOnlyList<string> rerun)
    {
        var stored = FindRun(runId);
        if (FedDag.IsOf(stored, _provenance))
            throw FedDag.NotReplayable(stored);
        ChangedNodes.RequireDag(_dag, stored, canForce: false);
        var targets = TargetsOf(stored, rerun);
        var (dag, input) = CompileOver(stored, targets);
        var failedOnly = options.FailedOnly ? FailedElements.Find(dag, stored, rerun, _provenance) : null;
        if (options.SourceInput is null)
            failedOnly?.RequireAny(dag, stored, _provenance);
        var reused = Execution.Replay.Reused(dag, _provenance.GetNodeRuns(stored), rerun, options.IncludeDownstream);
        var done = reused.Values.Select(node => node.Label).ToList();
        input.RequireWhole(dag, () => done);
        var merged = SourceInputJson.Write(_dag, input.Values, codec, converter);
        var named = rerun.Select(label => dag.Graph.IndexOf(label)).ToHashSet();
        var told = new ReplayScope(rerun, options.IncludeDownstream, options.FailedOnly);
        var prepared = NewRun(dag, stored.Path, merged, targets, (stored.RunId, told), (session, run) =>
        {
            run.TakenElements = failedOnly;
            run.Named = named;
            Execution.Replay.ReuseNodes(run, reused, session, stored.RunId);
            return session.FlushAsync();
        });
        return new(
            runner,
            prepared,
            () => Refined(
                dag, stored.Path, Execution.Replay.Plan(dag, rerun, reused, options.IncludeDownstream, stored.RunId),
                (_, run) =>
                {
                    run.TakenElements = failedOnly;
                    run.Named = named;
                    Execution.Replay.Restore(run, reused);
                }),
            Unused(dag, stored, done));
    }

    private IReadOnlyList<PlannedNode> Refined(
        CompiledDag dag, string path, IReadOnlyList<PlannedNode> plan, Action<RunSession, RunExecution> restore)
    {
        if (!_provenance.KeepsRuns || (!options.FailedOnly && !dag.Nodes.Any(node => node.Settings.Reuse)))
            return plan;
        var unwatched = options with { Observer = null };
        using var session = new RunSession(
            unwatched, _provenance, options.Invoker ?? new PoolInvoker(converter, null, options.Clock), codec, converter, default);
        using var nowhere = new NullProvenance();
        var handle = nowhere.CreateRun(new RunStart("", path, dag.Definition, session.Now()));
        var run = new RunExecution(session, dag, handle, path, OrderKey.Root, null);
        restore(session, run);
        return new ReusePlan(session, run).Refine(plan);
    }

    private StoredRun FindRun(string runId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(runId);
        if (!_provenance.KeepsRuns)
            throw NullProvenance.Required();
        return _provenance.FindRun(runId)
            ?? throw new DagException(DagErrorId.DagRunNotFound, $"There is no run '{runId}' in {_provenance.Location}.", runId)
            {
                Remedy = new(DagRemedyKind.ListRuns),
            };
    }

    private void RequireRestartable(StoredRun stored)
    {
        if (stored.ParentRunId is { } parent)
            throw NotRestartable(stored, $"is a sub-run of {parent}", action: "Restart the run that contains it.");
        if (stored.Status == DagRunStatus.Completed)
            throw NotRestartable(stored, "is completed", Replayed(stored));
        if (!options.Force)
            ChangedNodes.RequireDag(_dag, stored, canForce: true);
    }

    private void RequireSame(CompiledDag dag, StoredRun stored)
    {
        var changed = options.Force ? [] : ChangedNodes.Find(dag, stored, _provenance);
        if (changed.Count > 0)
            throw new DagException(
                DagErrorId.DagDefinitionChanged,
                $"The run {stored.RunId} cannot go on: "
                    + $"completed nodes have changed since they ran, in code, parameters or edges: {ChangedNode.Join(changed)}.",
                changed[0].Path)
            {
                Remedy = new(DagRemedyKind.KeepOutputs)
                {
                    RunId = stored.RunId,
                    Nodes = [.. _dag.Nodes.Select(node => node.Label).Where(label => changed.Any(node => IsOf(node.Path, label)))],
                    Database = _provenance.Location,
                },
            };
    }

    // Inside a composite node, the path of a changed node begins with that node and an element.
    private static bool IsOf(string path, string label) =>
        path.StartsWith(label, StringComparison.OrdinalIgnoreCase) && (path.Length == label.Length || path[label.Length] == '[');

    // A named node runs even if the targets of the run do not need it.
    private IReadOnlyList<string> TargetsOf(StoredRun stored, IReadOnlyList<string> rerun)
    {
        if (stored.Targets.Count == 0)
            return [];
        var needed = Targets.Needed(DagCompiler.Outline(_dag), stored.Targets);
        return [.. stored.Targets, .. rerun.Where(label => !needed.Contains(_dag.IndexOf(label)))];
    }

    private static PlannedNode PlanOf(CompiledNode node) => node switch
    {
        { IsLeftOut: true } => new(node.Label, PlannedAction.Skip, "the targets do not need it"),
        { Settings.When: NodeWhen.Always } => new(node.Label, PlannedAction.Run, "a closing node runs whatever the end of its upstreams"),
        { Settings.When: NodeWhen.Failed } => new(node.Label, PlannedAction.Run, "a closing node runs if one of its upstreams fails"),
        { Settings.If: not null } => new(node.Label, PlannedAction.Run, "a new run runs every node whose condition says so"),
        _ => new(node.Label, PlannedAction.Run, "a new run runs every node"),
    };

    private CompiledDag Compile(IDictionary? input, IReadOnlyList<string> targets, bool lacksParts = false) =>
        DagCompiler.Compile(_dag, input, options.Overrides, converter, lacksParts, targets);

    private (CompiledDag Dag, StoredInput Input) CompileOver(StoredRun stored, IReadOnlyList<string> targets)
    {
        var input = StoredInput.Restore(_dag, _provenance.GetSourceInput(stored), options.SourceInput, codec, converter);
        return (Compile(input.Values, targets, input.LacksParts), input);
    }

    private IReadOnlyList<string> Unused(CompiledDag dag, StoredRun stored, IReadOnlyList<string> done) => options.SourceInput is { } given
        ? UnusedInput.Find(dag, done, SourceInputJson.Read(_dag, _provenance.GetSourceInput(stored), codec), given, codec, converter)
        : [];

    // The run starts when it is opened, which may be long after it was planned.
    private PreparedRun NewRun(
        CompiledDag dag,
        string path,
        string? input,
        IReadOnlyList<string> targets,
        (string RunId, ReplayScope Scope)? replayed,
        Func<RunSession, RunExecution, ValueTask> takeUp)
    {
        DateTimeOffset startedAt = default;
        RunHandle Open(RunTurn? turn)
        {
            startedAt = options.Clock.GetUtcNow();
            return _provenance.CreateRun(new(options.RunId ?? RunIds.OfRun(), path, dag.Definition, startedAt)
            {
                Description = _dag.Description,
                SourceInput = input,
                ReplayedFrom = replayed?.RunId,
                Replay = replayed?.Scope,
                Tags = options.Tags,
                Targets = [.. targets.Select(label => _dag[label].Label)],
                Turn = turn,
            });
        }

        return new(dag, path, Open, async (session, run) =>
        {
            Began(session, run, startedAt);
            await takeUp(session, run).ConfigureAwait(false);
            run.LeaveOut();
        });
    }

    private static void Began(RunSession session, RunExecution run, DateTimeOffset at)
    {
        session.NotBefore(at);
        run.StartedAt = at;
        run.Announce();
    }

    // What people want to run again of a run that completed all the same: elements that failed, or nodes that wrote errors.
    private DagRemedy Replayed(StoredRun run)
    {
        var nodes = _provenance.GetNodeRuns(run);
        var hasFailed = nodes.Any(node => node.Kind == NodeKind.Map && node.Errors.Failed > 0);
        return new(hasFailed ? DagRemedyKind.ReplayFailedElements : DagRemedyKind.ReplaySomeNodes)
        {
            RunId = run.RunId,
            Database = _provenance.Location,
            Nodes = hasFailed ? [] : [.. nodes.Where(node => node.Errors.All > 0).Select(node => node.Label)],
        };
    }

    private static DagException NotRestartable(StoredRun run, string why, DagRemedy? remedy = null, string? action = null) =>
        new(DagErrorId.DagRunNotRestartable, $"The run {run.RunId} {why}, so it cannot be restarted.", run.RunId, action)
        {
            Remedy = remedy,
        };
}
