using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Loading;

namespace Lythonic.Dag.Commands;

/// <summary>Runs a scriptblock for each object of the pipeline, several at once, as a run that is kept.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "DagMap", SupportsShouldProcess = true)]
[OutputType(typeof(object))]
public sealed class InvokeDagMapCommand : DagStoppableCmdlet
{
    private MapRun? _run;
    private FedPlan? _plan;
    private string? _database;

    /// <summary>What runs for each object: it is <c>$_</c>, or the first parameter.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>An object.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? InputObject { get; set; }

    /// <summary>The name that the run is kept under.</summary>
    [Parameter]
    [AllowEmptyString]
    [AllowNull]
    [NameTransformation]
    public string Name { get; set; } = "map";

    /// <summary>How many objects are worked on at once.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ThrottleLimit { get; set; } = Environment.ProcessorCount;

    /// <summary>Write the results in the order of the input.</summary>
    [Parameter]
    public SwitchParameter Ordered { get; set; }

    /// <summary>Take the result of an earlier run where the code and the object were the same.</summary>
    [Parameter]
    public SwitchParameter Reuse { get; set; }

    /// <summary>Where the code runs: a host, several, or a scriptblock that returns them.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(HostCompleter))]
    public object? On { get; set; }

    /// <summary>How many attempts may follow the first.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int RetryCount { get; set; }

    /// <summary>The wait before another attempt: a timespan, or seconds.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateSpan(AllowZero = true)]
    public TimeSpan RetryDelay { get; set; }

    /// <summary>How the wait grows.</summary>
    [Parameter]
    public RetryBackoff RetryBackoff { get; set; }

    /// <summary>Sees the error as <c>$_</c> and says whether to try again.</summary>
    [Parameter]
    public ScriptBlock? RetryOn { get; set; }

    /// <summary>How long one attempt may take: a timespan, or seconds.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateSpan]
    public TimeSpan? Timeout { get; set; }

    /// <summary>
    /// At most one of the nodes that name one of these locks is in flight at a time, in all runs and processes that use the database.
    /// </summary>
    [Parameter]
    public string[]? Lock { get; set; }

    /// <summary>The database.</summary>
    [Parameter]
    public string? DatabasePath { get; set; }

    /// <summary>Keep nothing.</summary>
    [Parameter]
    public SwitchParameter NoProvenance { get; set; }

    /// <summary>The name of a variable that gets the run, before the first object is worked on.</summary>
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
        _plan?.Add(InputObject);
        _run?.Take(InputObject);
    });

    /// <inheritdoc/>
    protected override void EndProcessing() => OrThrow(() =>
    {
        if (_plan is not null)
            WritePlan(_plan.Nodes());
        _run?.End();
    });

    /// <summary>Leaves the store to the next run, as nothing is done in it any more but reading.</summary>
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
        var dag = FedDag.Create(Name, CodeResolver.FromScript(this, ScriptBlock), Settings());
        var store = NoProvenance ? new NullProvenance() : IdleStores.Take(_database = DatabaseFile.Resolve(this, DatabasePath), false);
        var options = new DagRunOptions { ThrottleLimit = ThrottleLimit, LogsNodes = IsVerbose };
        RunWarnings.Write(this, dag, options);
        if (IsWhatIf)
            _plan = new FedPlan(dag, store, new RunLauncher(this, dag, store).Plan(options));
        else if (ShouldProcess(Name, "Run the map"))
            Begin(dag, store, options);
    }

    private void Begin(Dag dag, DagProvenance store, DagRunOptions options)
    {
        _run = new MapRun(this, dag, store, Ordered, ThrottleLimit);
        _run.Begin(options);
        // Before the first element starts, so that it is there however the pipeline ends.
        if (RunVariable is not null)
            SessionState.PSVariable.Set(RunVariable, _run.Live);
    }

    private NodeSettings Settings() => new()
    {
        ThrottleLimit = MyInvocation.BoundParameters.ContainsKey("ThrottleLimit") ? ThrottleLimit : null,
        AllowedFailure = Hosting.CommonParameters.Stops(this, "ErrorActionPreference") ? null : AllowedFailure.OfPercent(100),
        Retry = RetryOf(RetryCount, RetryDelay, RetryBackoff, RetryOn),
        Timeout = Timeout,
        Hosts = On is null ? null : HostArgument.Read(this, FedDag.Each, On),
        Reuse = Reuse,
        Locks = Lock is { Length: > 0 } ? Lock : null,
    };
}
