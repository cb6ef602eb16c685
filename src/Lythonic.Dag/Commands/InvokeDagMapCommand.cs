using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Loading;
using Lythonic.Dag.Runs;
using Lythonic.Dag.Scripts;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Commands;

/// <summary>Runs a scriptblock for each object of the pipeline, several at once, as a run that is stored.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "DagMap", SupportsShouldProcess = true)]
[OutputType(typeof(object))]
public sealed class InvokeDagMapCommand : DagStoppableCmdlet
{
    private MapRun? _run;
    private FedPlan? _plan;
    private string? _database;

    /// <summary>The code that runs for each object. It sees the object as <c>$_</c>, or as its first parameter.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>An object of the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? InputObject { get; set; }

    /// <summary>The DAG name under which the run is stored.</summary>
    [Parameter]
    [AllowEmptyString]
    [AllowNull]
    [NameTransformation]
    public string Name { get; set; } = FedDag.DefaultName;

    /// <summary>How many objects may be in flight at once.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ThrottleLimit { get; set; } = Environment.ProcessorCount;

    /// <summary>Write the results in the order of the input.</summary>
    [Parameter]
    public SwitchParameter Ordered { get; set; }

    /// <summary>Use the result of an earlier run in which the code and the object were the same.</summary>
    [Parameter]
    public SwitchParameter Reuse { get; set; }

    /// <summary>Where the code runs: a host, several hosts, or a scriptblock that returns them.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(HostCompleter))]
    public object? On { get; set; }

    /// <summary>How many attempts may follow the first one, for each object.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int RetryCount { get; set; }

    /// <summary>The wait before another attempt: a timespan, or seconds.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateSpan(AllowZero = true)]
    public TimeSpan RetryDelay { get; set; }

    /// <summary>How the wait grows from one attempt to the next.</summary>
    [Parameter]
    public RetryBackoff RetryBackoff { get; set; }

    /// <summary>A scriptblock that sees the error as <c>$_</c> and says whether to try again.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? RetryOn { get; set; }

    /// <summary>How long one attempt may take: a timespan, or seconds.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateSpan]
    public TimeSpan? Timeout { get; set; }

    /// <summary>
    /// Locks by name. Of all nodes that name the same lock, only one is in flight at a time, across all runs and processes that use the
    /// database.
    /// </summary>
    [Parameter]
    public string[]? Lock { get; set; }

    /// <summary>The path of the database file that keeps the run.</summary>
    [Parameter]
    public string? DatabasePath { get; set; }

    /// <summary>Do not store the run.</summary>
    [Parameter]
    public SwitchParameter NoProvenance { get; set; }

    /// <summary>The name of a variable that is set to the run, before the code runs for the first object.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RunVariable { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        OrThrow(Begin);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrThrow(() =>
    {
        ComputedProperties.AskHere(InputObject);
        _plan?.Add(InputObject);
        _run?.Add(InputObject);
    });

    /// <inheritdoc/>
    protected override void EndProcessing() => OrThrow(() =>
    {
        if (_plan is not null)
            WritePlan(_plan.Nodes());
        _run?.End();
    });

    /// <summary>Hands the open store to the next run. From now on this run only reads from it.</summary>
    internal override void RunEnded(DagProvenance store)
    {
        if (_database is { } path)
            IdleStores.Keep(path, false, store);
    }

    private protected override void EndRun()
    {
        _plan?.Dispose();
        _run?.Dispose();
    }

    private void Begin()
    {
        if (Reuse && NoProvenance)
            throw new DagException(
                DagErrorId.DagProvenanceRequired,
                "-Reuse takes results from the database, and -NoProvenance keeps none there.",
                Name,
                "Leave -Reuse or -NoProvenance out.");
        NameRule.Require(Name, "A map", "Leave -Name out, or give the map a name.");
        var dag = FedDag.Create(Name, CodeResolver.FromScript(this, ScriptBlock), Settings(), CodeLine.Of(ScriptBlock));
        RunLauncher.OpenWorkerAhead(this, dag);
        var store = NoProvenance ? new NullProvenance() : IdleStores.Take(_database = DatabaseFile.Resolve(this, DatabasePath), false);
        var options = new DagRunOptions { ThrottleLimit = ThrottleLimit, LogsNodes = IsVerbose };
        RunWarnings.Write(this, dag, options);
        if (IsWhatIf)
            _plan = new FedPlan(dag, store, new RunLauncher(this, dag, store).WithPlanSeams(options));
        else if (ShouldProcess(Name, "Run the map"))
            Begin(dag, store, options);
    }

    private void Begin(Dag dag, DagProvenance store, DagRunOptions options)
    {
        _run = new MapRun(this, dag, store, Ordered, ThrottleLimit);
        // Set it before the run is made: a variable that cannot be set leaves none behind, and the run is there however the pipeline ends.
        if (RunVariable is not null)
            SessionState.PSVariable.Set(RunVariable, _run.Live);
        _run.Begin(options);
    }

    private NodeSettings Settings() => new()
    {
        ThrottleLimit = IsGiven(nameof(ThrottleLimit)) ? ThrottleLimit : null,
        AllowedFailure = Hosting.CommonParameters.Stops(this, "ErrorActionPreference") ? null : AllowedFailure.OfPercent(100),
        Retry = RetryOf(RetryCount, RetryDelay, RetryBackoff, RetryOn),
        Timeout = Timeout,
        // Refuse $null: an empty variable does not mean that the user wants the code to run here.
        Hosts = IsGiven(nameof(On)) ? HostArgument.Read(this, FedDag.Each, On) : null,
        Reuse = Reuse,
        Locks = IsGiven(nameof(Lock)) ? LockArgument.Read(FedDag.Each, Lock) : null,
    };
}
