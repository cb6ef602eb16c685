using System.Management.Automation;
using System.Runtime.CompilerServices;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Loading;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Commands;

/// <summary>Runs a DAG for a cmdlet: joins the engine to the session, waits on the pipeline's thread, and writes the run.</summary>
internal sealed class RunLauncher(DagStoppableCmdlet cmdlet, Dag dag, DagProvenance store)
{
    private readonly PowerShellValueConverter _converter = new();
    private readonly JsonValueCodec _codec = new(new PowerShellValueAdapter());

    /// <summary>Reads and writes values.</summary>
    public IValueCodec Codec => _codec;

    /// <summary>The options with the seams in place.</summary>
    public DagRunOptions Join(DagRunOptions options, PipelineThreadQueue queue, CancellationToken stopClosing)
    {
        TelemetryLoader.Start(cmdlet.WriteWarning);
        var request = dag.Host as DagSessionRequest ?? DagSessionRequest.Empty;
        var hasHosts = HasHosts(dag, []);
        var scripts = options.Inline && !hasHosts
            ? []
            : WorkerScriptsOf(dag, []).Concat(options.Overrides.Values.OfType<ScriptBlockCode>());
        var snapshot = SessionCapture.Capture(cmdlet, request, scripts);
        PoolInvoker MethodsOf(bool isStrict) => new(_converter, RuledThread.For(queue, snapshot, isStrict), options.Clock);
        var here = new PowerShellInvoker(MethodsOf(isStrict: false), MethodsOf(isStrict: true), snapshot, queue, _converter);
        return options with
        {
            CodeParts = store.KeepsRuns && Reuses(dag, []) ? SessionParts.Capture(cmdlet, request, snapshot) : null,
            Invoker = hasHosts ? WithHosts(here, request, snapshot) : here,
            Observer = queue,
            CallerThread = queue,
            StopClosing = stopClosing,
            Codec = _codec,
            Converter = _converter,
        };
    }

    /// <summary>The options for a plan, which runs nothing.</summary>
    public DagRunOptions Plan(DagRunOptions options) => options with
    {
        CodeParts = cmdlet.IsWhatIf && store.KeepsRuns && Reuses(dag, []) ? CapturedParts() : null,
        Codec = _codec,
        Converter = _converter,
    };

    private SessionParts CapturedParts()
    {
        var request = dag.Host as DagSessionRequest ?? DagSessionRequest.Empty;
        return SessionParts.Capture(cmdlet, request, SessionCapture.Capture(cmdlet, request, WorkerScriptsOf(dag, [])));
    }

    /// <summary>Runs on the pipeline's thread.</summary>
    public DagRunResult Run(DagRunOptions options, Func<DagRunner, CancellationToken, Task<DagRunResult>> start)
    {
        var queue = new PipelineThreadQueue(new CmdletStreams(cmdlet), new RunProgress(), dag) { HasClosing = HasClosing(dag, []) };
        var runner = new DagRunner(dag, store, Join(options, queue, cmdlet.StopClosing) with { EndsInPlace = true });
        var run = start(runner, cmdlet.StopSource.Token);
        queue.DrainUntilEnd(run, cmdlet.StopSource);
        // If the start is stopped while it waits for its turn, there is no run.
        return run.IsCanceled ? throw new PipelineStoppedException() : run.GetAwaiter().GetResult();
    }

    /// <summary>Runs and writes the run, and its error.</summary>
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
        foreach (var error in ErrorsOf(result, run))
        {
            if (CommonParameters.EndsAt(cmdlet, error))
                cmdlet.ThrowTerminatingError(error);
            cmdlet.WriteError(error);
        }
    }

    /// <summary>The run as it is written.</summary>
    public DagRun Read(DagRunResult result, DagRunOptions options) => new RunReader(store, _codec).OfResult(result, dag.Name, options);

    private DagJob Start(DagRunOptions options, Func<DagRunner, CancellationToken, Task<DagRunResult>> start)
    {
        var inline = InlineNode(dag, []);
        if (options.Inline || inline is not null)
            throw NoSession(options.Inline ? null : inline);
        var job = new DagJob(cmdlet.MyInvocation.Line.Trim(), dag.Name);
        var queue = new PipelineThreadQueue(new JobStreams(job), new RunProgress(), dag) { HasClosing = HasClosing(dag, []) };
        var runner = new DagRunner(dag, store, Join(options, queue, job.StoppingClosing));
        var run = start(runner, job.Stopping);
        if (run.Exception?.InnerException is DagException misuse)
        {
            job.Dispose();
            throw misuse;
        }

        job.Start(queue, run, result =>
        {
            var read = Read(result, options);
            return (read, ErrorsOf(result, read));
        });
        cmdlet.JobRepository.Add(job);
        return job;
    }

    // What is added to a run object when it is written.
    private IEnumerable<ErrorRecord> ErrorsOf(DagRunResult result, DagRun run)
    {
        if (store.KeepsRuns && run.DatabasePath is null)
            yield return ErrorRecords.From(Lost(result));
        if (result.Failure is not null)
            yield return ErrorRecords.NodeFailed(result, dag.Name, store.KeepsRuns);
    }

    private DagException Lost(DagRunResult result) => new(
        DagErrorId.DagDatabaseInvalid,
        $"The run {result.RunId} is not in the database {store.Location} any more: the file was removed or replaced while it ran.",
        store.Location,
        "Run it again where nobody removes the file.");

    private static DagException NoSession(string? label) => new(
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

    // Apart, so that a run without hosts does not load the transport.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private HostInvoker WithHosts(INodeInvoker here, DagSessionRequest request, SessionSnapshot snapshot) =>
        new(here, new RemoteCalls(snapshot, request.Modules), snapshot, _converter);

    private static bool HasClosing(Dag dag, HashSet<Dag> seen) =>
        seen.Add(dag) && dag.Nodes.Any(
            node => node.Settings.IsClosing || node.SubDags?.All().Any(sub => HasClosing(sub.Dag, seen)) == true);

    private static bool Reuses(Dag dag, HashSet<Dag> seen) =>
        seen.Add(dag) && dag.Nodes.Any(
            node => node.Settings.Reuse || node.SubDags?.All().Any(sub => Reuses(sub.Dag, seen)) == true);

    private static bool HasHosts(Dag dag, HashSet<Dag> seen) =>
        seen.Add(dag) && dag.Nodes.Any(
            node => node.Settings.Hosts is not null || node.SubDags?.All().Any(sub => HasHosts(sub.Dag, seen)) == true);

    // Code that runs in the caller's session needs no snapshot of it.
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
