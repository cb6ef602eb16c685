using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Comparing;
using Lythonic.Dag.Export;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Loading;
using Lythonic.Dag.Runs;
using Lythonic.Dag.Sessions;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Commands;

/// <summary>Compares two runs and writes each difference.</summary>
[Cmdlet(VerbsData.Compare, "DagRun", DefaultParameterSetName = RunsSet)]
[OutputType(typeof(DagDifference))]
public sealed class CompareDagRunCommand : DagCmdlet
{
    private const string RunsSet = "Runs";
    private const string PipelineSet = "Pipeline";

    private bool _hasCompared;

    /// <summary>
    /// The id of the run to compare with; a unique prefix is enough. If it is left out, it is the first run of the pipeline.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = RunsSet)]
    [RunReference]
    [ArgumentCompleter(typeof(RunCompleter))]
    [ValidateNotNullOrEmpty]
    public string ReferenceRunId { get; set; } = "";

    /// <summary>The id of the run that is compared with it; a unique prefix is enough.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = RunsSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PipelineSet)]
    [Alias("RunId")]
    [RunReference]
    [ArgumentCompleter(typeof(RunCompleter))]
    [ValidateNotNullOrEmpty]
    public string DifferenceRunId { get; set; } = "";

    /// <summary>Also write the nodes that do not differ.</summary>
    [Parameter]
    public SwitchParameter IncludeEqual { get; set; }

    /// <summary>The path of the database file that holds both runs.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? DatabasePath { get; set; }

    /// <inheritdoc/>
    internal override string PipedRunParameter => nameof(DifferenceRunId);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == PipelineSet && ReferenceRunId.Length == 0)
        {
            ReferenceRunId = DifferenceRunId;
            return;
        }

        _hasCompared = true;
        OrWrite(CompareRuns);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => OrWrite(() =>
    {
        if (ParameterSetName == PipelineSet && ReferenceRunId.Length > 0 && !_hasCompared)
            throw new DagException(
                DagErrorId.DagInputMissing,
                $"Only the run {ReferenceRunId} came through the pipeline, and Compare-DagRun compares two: give the other one too.",
                ReferenceRunId,
                "Pipe two runs, or name the first one: $other | Compare-DagRun $one");
    });

    private void CompareRuns()
    {
        if (IsOfUnkeptRun(DatabasePath, out _))
            throw StoredRuns.NotKept(DifferenceRunId);
        using var store = StoreLoader.Open(DatabaseFile.Resolve(this, DatabasePath), false);
        var reference = StoredRuns.Find(store, ReferenceRunId);
        var difference = StoredRuns.Find(store, DifferenceRunId);
        var known = new Lazy<IReadOnlyDictionary<string, string>>(() => CodeOf(reference, difference));
        var comparison = new RunComparison(
            store, new JsonValueCodec(new PowerShellValueAdapter()), fingerprint => known.Value.GetValueOrDefault(fingerprint))
        {
            IncludesEqual = IncludeEqual,
        };
        var runs = Comparisons.Last = new ComparedRuns(reference, difference);
        var differs = false;
        try
        {
            foreach (var found in TableView.Mark(comparison.Compare(reference, difference)))
            {
                if (Stopping)
                    return;
                differs = true;
                WriteObject(found);
            }
        }
        catch (DagException) when (StoredRuns.Removed(store, reference, difference) is not null)
        {
            // The reason is told below. A run may also be removed without an error here: what is gone then looks like a difference.
        }

        if (StoredRuns.Removed(store, reference, difference) is { } removed)
            throw removed;
        if (!differs)
            WriteEqual(ComparedNames.Equal(runs));
    }

    // Somebody at the prompt, who sees nothing otherwise, is told. A script that asks finds nothing in any stream but the verbose one.
    private void WriteEqual(string said)
    {
        if (MyInvocation.CommandOrigin == CommandOrigin.Runspace && MyInvocation.PipelinePosition == MyInvocation.PipelineLength)
            WriteInformation(new OwnInformation(said).Message, [OwnInformation.Shown]);
        else
            WriteVerbose(said);
    }

    // The store keeps only fingerprints of the code. The text comes from the DAGs of this session; it may have made two of one name.
    private static Dictionary<string, string> CodeOf(params Provenance.StoredRun[] runs)
    {
        var code = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in runs.Select(run => run.DagName).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            foreach (var (fingerprint, node) in new KnownNodes(DagSession.FindAll(name)).ByFingerprint)
                code[fingerprint] = DagPicture.WholeCodeOf(node);
        }

        return code;
    }
}
