using System.Management.Automation;
using System.Runtime.CompilerServices;
using Lythonic.Dag.Commands;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Loading;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Runs;

/// <summary>Runs a DAG for a cmdlet: connects the engine to the session, waits on the pipeline's thread, and writes the run.</summary>
internal sealed class RunLauncher(DagStoppableCmdlet cmdlet, Dag dag, DagProvenance store)
{
    private readonly PowerShellValueConverter _converter = new();
    private readonly JsonValueCodec _codec = PowerShellCodec.Instance;

    /// <summary>The codec of stored values that knows PowerShell's types.</summary>
    public IValueCodec Codec => _codec;

    /// <summary>
    /// Begins to open a worker, if there is none and the run of a DAG will need one. Call it first: the rest of what comes before a run
    /// takes as long.
    /// </summary>
    /// <param name="cmdlet">The cmdlet that runs.</param>
    /// <param name="dag">The DAG; <see langword="null"/> if it is not known yet.</param>
    public static void OpenWorkerAhead(DagStoppableCmdlet cmdlet, Dag? dag)
    {
        if (!WorkerPool.Current.HasWorker && !cmdlet.IsWhatIf && (dag is null || WorkerScriptsOf(dag, []).Any()))
            WorkerPool.Current.OpenAhead(SessionSnapshot.Bare(cmdlet));
    }

    /// <summary>Adds to the options of a run what connects the engine to the session: invoker, observer, codec and the like.</summary>
    /// <param name="options">The options that come from the cmdlet's parameters.</param>
    /// <param name="queue">The queue of what must happen on the pipeline's thread.</param>
    /// <param name="stopClosing">Cancels closing nodes.</param>
    public DagRunOptions WithSeams(DagRunOptions options, PipelineThreadQueue queue, CancellationToken stopClosing)
    {
        TelemetryLoader.Start(cmdlet.WriteWarning);
        var request = DagSessionRequest.Of(dag);
        var hasHosts = HasNode(node => node.Settings.Hosts is not null);
        var scripts = options.Inline && !hasHosts
            ? []
            : WorkerScriptsOf(dag, []).Concat(options.Overrides.Values.OfType<ScriptBlockCode>());
        var snapshot = SessionCapture.Capture(cmdlet, request, scripts);
        PoolInvoker MethodsOf(bool isStrict) => new(_converter, RuledThread.For(queue, snapshot, isStrict), options.Clock);
        var here = new PowerShellInvoker(
            WorkerPool.Current, MethodsOf(isStrict: false), MethodsOf(isStrict: true), snapshot, queue, _converter);
        return options with
        {
            CodeParts = store.KeepsRuns && Reuses ? SessionParts.Capture(cmdlet, request, snapshot) : null,
            Invoker = hasHosts ? WithHosts(here, request, snapshot) : here,
            Observer = queue,
            CallerThread = queue,
            StopClosing = stopClosing,
            Codec = _codec,
            Converter = _converter,
        };
    }

    /// <summary>Adds to the options of a run what a plan needs of the session. A plan runs nothing.</summary>
    public DagRunOptions WithPlanSeams(DagRunOptions options) => options with
    {
        CodeParts = cmdlet.IsWhatIf && store.KeepsRuns && Reuses ? CapturedParts() : null,
        Codec = _codec,
        Converter = _converter,
    };

    private SessionParts CapturedParts()
    {
        var request = DagSessionRequest.Of(dag);
        return SessionParts.Capture(cmdlet, request, SessionCapture.Capture(cmdlet, request, WorkerScriptsOf(dag, [])));
    }

    /// <summary>Starts a run, and works for it on this thread, the pipeline's, until it ends.</summary>
    /// <param name="options">The options of the run, without the seams.</param>
    /// <param name="start">Starts it.</param>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped before the run began.</exception>
    public DagRunResult Run(DagRunOptions options, Func<DagRunner, CancellationToken, Task<DagRunResult>> start)
    {
        var queue = new PipelineThreadQueue(new CmdletStreams(cmdlet), new RunProgress(), dag) { HasClosing = HasClosing };
        var runner = new DagRunner(dag, store, WithSeams(options, queue, cmdlet.StopClosing));
        var run = start(runner, cmdlet.StopSource.Token);
        try
        {
            queue.DrainUntilEnd(run, cmdlet.StopSource);
        }
        finally
        {
            StopNotice.Write(cmdlet, store, run);
        }

        // If it was stopped while it waited for its turn, there is no run.
        return run.IsCanceled ? throw new PipelineStoppedException() : run.GetAwaiter().GetResult();
    }

    /// <summary>Runs, and writes the run and its errors; as a job, writes the job.</summary>
    public void RunAndWrite(DagRunOptions options, bool asJob, Func<DagRunner, CancellationToken, Task<DagRunResult>> start)
    {
        if (asJob)
        {
            cmdlet.WriteObject(Start(options, start));
            return;
        }

        var result = Run(options, start);
        var run = Read(result, options);
        cmdlet.RunEnded(store);
        cmdlet.WriteObject(run);
        if (PauseNotice.Of(store, dag.Name, result) is { } paused)
            cmdlet.WriteWarning(paused);
        foreach (var error in ErrorsOf(result, run))
        {
            if (CommonParameters.EndsAt(cmdlet, error))
                cmdlet.ThrowTerminatingError(error);
            cmdlet.WriteError(error);
        }
    }

    /// <summary>Makes the run object that the cmdlet writes.</summary>
    public DagRun Read(DagRunResult result, DagRunOptions options) => new RunReader(store, _codec).FromResult(result, dag, options);

    private DagJob Start(DagRunOptions options, Func<DagRunner, CancellationToken, Task<DagRunResult>> start)
    {
        var inline = InlineNode(dag, []);
        if (options.Inline || inline is not null)
            throw NoSessionForInline(options.Inline ? null : inline);
        var job = new DagJob(cmdlet.MyInvocation.Line.Trim(), dag.Name);
        var queue = new PipelineThreadQueue(new JobStreams(job), new RunProgress(), dag) { HasClosing = HasClosing };
        var runner = new DagRunner(dag, store, WithSeams(options, queue, job.StoppingClosing));
        var run = start(runner, job.Stopping);
        if (run.Exception?.InnerException is DagException misuse)
        {
            job.Dispose();
            throw misuse;
        }

        job.Start(queue, run, result =>
        {
            var read = Read(result, options);
            return new(read, PauseNotice.Of(store, dag.Name, result), ErrorsOf(result, read));
        });
        cmdlet.JobRepository.Add(job);
        return job;
    }

    // The errors that are written beside the run object.
    private IEnumerable<ErrorRecord> ErrorsOf(DagRunResult result, DagRun run)
    {
        // A run that somebody removed after its end, as -KeepLast of another process does, is not in the database either.
        if (store.KeepsRuns && run.DatabasePath is null && store.HasLost(result.RunId))
            yield return ErrorRecords.From(DatabaseLost(result));
        if (result.Failure is not null)
            yield return ErrorRecords.NodeFailed(result, dag.Name, store.KeepsRuns, DatabaseFile.NameOf(store));
    }

    private DagException DatabaseLost(DagRunResult result) => new(
        DagErrorId.DagDatabaseInvalid,
        $"The run {result.RunId} is not in the database {store.Location} any more: the file was removed or replaced while it ran.",
        store.Location,
        "Run it again, and make sure that nobody removes the file.");

    private static DagException NoSessionForInline(string? label) => new(
        DagErrorId.DagInputMissing,
        label is null
            ? "A job has no caller's session to run inline nodes in."
            : $"The node '{label}' is inline, and a job has no caller's session to run it in.",
        label,
        "Leave -Inline or -AsJob out.");

    private static string? InlineNode(Dag dag, HashSet<Dag> seen) => seen.Add(dag)
        ? dag.Nodes
            .Select(node => node.Settings.Inline
                ? node.Label
                : node.SubDags?.All().Select(sub => InlineNode(sub.Dag, seen)).FirstOrDefault(label => label is not null))
            .FirstOrDefault(label => label is not null)
        : null;

    // A method of its own that is not inlined, so that a run without hosts does not load the transport.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private HostInvoker WithHosts(INodeInvoker here, DagSessionRequest request, SessionSnapshot snapshot) =>
        new(here, new RemoteCalls(snapshot, request.Modules), snapshot, _converter);

    private bool HasClosing => HasNode(node => node.Settings.IsClosing);

    private bool Reuses => HasNode(node => node.Settings.Reuse);

    private bool HasNode(Func<DagNode, bool> isMeant) => HasNode(dag, isMeant, []);

    // Searches sub-DAGs too, each once.
    private static bool HasNode(Dag dag, Func<DagNode, bool> isMeant, HashSet<Dag> seen) =>
        seen.Add(dag) && dag.Nodes.Any(
            node => isMeant(node) || node.SubDags?.All().Any(sub => HasNode(sub.Dag, isMeant, seen)) == true);

    // Inline code is left out: it runs in the caller's session and needs no snapshot of it.
    private static IEnumerable<ScriptBlockCode> WorkerScriptsOf(Dag dag, HashSet<Dag> seen)
    {
        if (!seen.Add(dag))
            yield break;
        foreach (var node in dag.Nodes)
        {
            var own = node.Settings.Inline ? null : node.Code;
            foreach (var script in NodeScripts.Choosing(node).Prepend(own).OfType<ScriptBlockCode>())
                yield return script;

            foreach (var inner in node.SubDags?.All().SelectMany(sub => WorkerScriptsOf(sub.Dag, seen)) ?? [])
                yield return inner;
        }
    }
}
