using System.Management.Automation;
using System.Text;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Export;
using Lythonic.Dag.Loading;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Commands;

/// <summary>Draws a DAG or a run as text; with a path, into a file.</summary>
[Cmdlet(VerbsData.Export, "Dag", SupportsShouldProcess = true, DefaultParameterSetName = DagSet)]
[OutputType(typeof(string))]
[OutputType(typeof(FileInfo))]
public sealed class ExportDagCommand : DagCmdlet
{
    private const string DagSet = "Dag";
    private const string RunSet = "Run";
    private const string ComparisonSet = "Comparison";
    private const string NotWritten = "DagFileNotWritten";

    private readonly List<DagDifference> _differences = [];
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    /// <summary>The DAG.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = DagSet)]
    [DagTransformation(TakesRuns = true)]
    public Dag Dag { get; set; } = null!;

    /// <summary>The run.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = RunSet)]
    [RefuseRunId]
    public DagRun Run { get; set; } = null!;

    /// <summary>What two runs differ in, as <c>Compare-DagRun</c> writes it: one page of all.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ComparisonSet)]
    public DagDifference Difference { get; set; } = null!;

    /// <summary>The form; where it is left out, the one that the ending of the path means, else Mermaid.</summary>
    [Parameter]
    public ExportForm As { get; set; }

    /// <summary>The file to write. A scriptblock may make it from each input, such as <c>{ "$($_.RunId).html" }</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = DagSet)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = RunSet)]
    // The path of a difference is a place inside a value, not a file.
    [Parameter(ParameterSetName = ComparisonSet)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrWrite(() =>
    {
        if (ParameterSetName == ComparisonSet)
        {
            _differences.Add(Difference);
            return;
        }

        if (ParameterSetName == DagSet)
            DagTransformationAttribute.Require(Dag, "Export-Dag");
        if (Path is null)
            WriteObject(Text(As));
        else
            Write(Path);
    });

    /// <inheritdoc/>
    protected override void EndProcessing() => OrThrow(() =>
    {
        if (_differences.Count == 0)
            return;
        if (MyInvocation.BoundParameters.ContainsKey(nameof(As)) && As != ExportForm.Html)
            throw new DagException(
                DagErrorId.DagTypeMismatch,
                $"What two runs differ in is written as Html, and not as {As}.",
                As,
                "Leave -As out, or write -As Html.");
        if (Path is null)
            WriteObject(Text(ExportForm.Html));
        else
            Write(Path);
    });

    private string Text(ExportForm form)
    {
        if (_differences.Count > 0)
            return HtmlDifferences.Render(_differences);
        if (ParameterSetName == DagSet)
            return Drawn(DagPicture.Build(Dag), form);
        var (dag, isPage) = (DagSession.Find(Run.DagName), form == ExportForm.Html);
        if (Run.DatabasePath is null)
            return Drawn(RunPicture.Build(Run, dag, new JsonValueCodec(new PowerShellValueAdapter())), form);
        // A picture reads payloads while it is drawn.
        using var store = StoreLoader.Open(Run.DatabasePath, false);
        return Drawn(
            new RunPicture(store, isPage ? HtmlPage.MostParts : DiagramWalk.MostParts, CodeByFingerprint.Index(isPage ? dag : null))
                .Build(Run.Stored),
            form);
    }

    private static string Drawn(Picture picture, ExportForm form) => form switch
    {
        ExportForm.Dot => DotDiagram.Render(picture),
        ExportForm.Html => HtmlPage.Render(picture),
        _ => MermaidDiagram.Render(picture),
    };

    private void Write(string path)
    {
        var file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        if (!provider.Name.Equals("FileSystem", StringComparison.OrdinalIgnoreCase))
            WriteNotWritten(
                file,
                new NotSupportedException($"'{path}' is a path of the provider {provider.Name}, and no file can be written there."),
                ErrorCategory.InvalidArgument);
        else if (_written.Contains(file))
            WriteNotWritten(
                file,
                new IOException($"The file {file} was written for an earlier input already, and is not overwritten."),
                ErrorCategory.ResourceExists);
        else if (ShouldProcess(file, "Write the drawing"))
            Write(file, Text(MyInvocation.BoundParameters.ContainsKey(nameof(As)) ? As : FormOf(file)));
    }

    private void Write(string file, string text)
    {
        try
        {
            File.WriteAllText(file, text, new UTF8Encoding(false));
            _written.Add(file);
            // Get-Item gives the file with its provider path, to which the next command binds.
            WriteObject(InvokeProvider.Item.Get([file], force: true, literalPath: true), enumerateCollection: true);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            WriteNotWritten(file, cause, ErrorCategory.WriteError);
        }
    }

    private void WriteNotWritten(string file, Exception cause, ErrorCategory category) =>
        WriteError(new ErrorRecord(cause, NotWritten, category, file)
        {
            ErrorDetails = new ErrorDetails(cause.Message)
            {
                RecommendedAction = "Give -Path a file in a folder that is there and can be written; for several inputs a scriptblock, "
                    + "such as { \"$($_.RunId).html\" }.",
            },
        });

    private static ExportForm FormOf(string file) => System.IO.Path.GetExtension(file).ToUpperInvariant() switch
    {
        ".HTML" or ".HTM" => ExportForm.Html,
        ".DOT" or ".GV" => ExportForm.Dot,
        _ => ExportForm.Mermaid,
    };
}
