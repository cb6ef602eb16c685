using System.Management.Automation;
using System.Text;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Export;
using Lythonic.Dag.Loading;
using Lythonic.Dag.Sessions;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Commands;

/// <summary>Draws DAGs, runs or the differences between two runs, as text or into a file.</summary>
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
    private readonly List<DagRun> _runs = [];
    private string? _pathOfRuns;
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private readonly HashSet<(string File, string Message)> _toldOf = [];
    private ComparedRuns? _comparedBefore;
    private bool _hasInput;

    /// <summary>The DAG to draw.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = DagSet)]
    [DagTransformation(TakesRuns = true)]
    public Dag Dag { get; set; } = null!;

    /// <summary>The run to draw. Several runs as HTML make an index page.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = RunSet)]
    [RefuseRunId]
    public DagRun Run { get; set; } = null!;

    /// <summary>A difference that <c>Compare-DagRun</c> wrote. All of them together make one page.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ComparisonSet)]
    public DagDifference Difference { get; set; } = null!;

    /// <summary>The format. If it is left out, the extension of the path decides; without a path it is Mermaid.</summary>
    [Parameter]
    public ExportForm As { get; set; }

    /// <summary>The file to write; a scriptblock such as <c>{ "$($_.RunId).html" }</c> names one for each input.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = DagSet)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = RunSet)]
    // The Path property of a difference is a place inside a value, so it must not bind here.
    [Parameter(ParameterSetName = ComparisonSet)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _comparedBefore = Comparisons.Last;
        // What comes from the pipeline is not bound yet. With another DAG on the command line PowerShell would bind nothing of it.
        if (MyInvocation.ExpectingInput && Dag is not null && DagTransformationAttribute.TextIn(Dag) is { } file)
            OrThrow(() => throw new DagException(
                DagErrorId.DagTypeMismatch,
                $"'{file}' stands where a DAG or a run would, and there is one in the pipeline already.",
                file,
                $"To write into this file: … | Export-Dag -Path {Completions.Quoted(file)}"));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrWrite(() =>
    {
        _hasInput = true;
        if (ParameterSetName == ComparisonSet)
        {
            _differences.Add(Difference);
            return;
        }

        if (ParameterSetName == DagSet)
            DagTransformationAttribute.Require(Dag, "Export-Dag");
        if (_runs.Count > 0 && (ParameterSetName != RunSet || Path != _pathOfRuns))
            WriteRuns();
        if (ParameterSetName == RunSet && Form(Path) == ExportForm.Html)
        {
            // More runs for the same page may follow.
            _pathOfRuns = Path;
            _runs.Add(Run);
            return;
        }

        if (Path is null)
            WriteObject(Text(As));
        else
            Write(Path, Text);
    });

    /// <inheritdoc/>
    protected override void EndProcessing() => OrThrow(() =>
    {
        if (_runs.Count > 0)
            OrWrite(WriteRuns);
        // Compare-DagRun writes nothing for equal runs. If it was in this pipeline, write a page that says that they are equal.
        var isCompared = !_hasInput && MyInvocation.ExpectingInput && !ReferenceEquals(Comparisons.Last, _comparedBefore);
        var equal = isCompared ? Comparisons.Last : null;
        if (_differences.Count == 0 && equal is null)
            return;
        var form = IsFormSaid || Path is not null ? Form(Path) : ExportForm.Html;
        if (form != ExportForm.Html && (IsFormSaid || FileForm.Find(Path!) is not null))
            throw new DagException(
                DagErrorId.DagTypeMismatch,
                $"Differences between runs are written as Html, not as {form}.",
                form,
                "Leave -As out, or write -As Html, to a file that ends in .html.");
        if (Path is null)
            WriteObject(HtmlDifferences.Render(_differences, equal));
        else
            Write(Path, _ => HtmlDifferences.Render(_differences, equal));
    });

    // One run makes a page. Several runs for the same path make an index; if it is a file, their pages are written to a folder beside it.
    private void WriteRuns()
    {
        var runs = _runs.DistinctBy(run => (run.RunId, run.DatabasePath)).ToList();
        _runs.Clear();
        if (runs.Count == 1 && _pathOfRuns is null)
            WriteObject(TextOf(runs[0], ExportForm.Html));
        else if (runs.Count == 1)
            Write(_pathOfRuns!, form => TextOf(runs[0], form));
        else if (_pathOfRuns is null)
            WriteObject(HtmlIndex.Render(runs, new Dictionary<string, string>(0)));
        else
            Write(_pathOfRuns, _ => HtmlIndex.Render(runs, WritePages(_pathOfRuns, runs)));
    }

    // Writes the pages of the newest runs into a folder beside their index, and returns their links by run id. A page that cannot be
    // written gets no link.
    private Dictionary<string, string> WritePages(string path, List<DagRun> runs)
    {
        var file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out _, out _);
        var folder = System.IO.Path.ChangeExtension(file, null) + "-runs";
        var pages = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!TryCreate(folder))
            return pages;
        foreach (var run in runs.OrderByDescending(run => run.StartedAt).Take(HtmlIndex.MostDetails))
        {
            var page = System.IO.Path.Combine(folder, $"{run.RunId}.html");
            OrWrite(() =>
            {
                if (Save(page, TextOf(run, ExportForm.Html)))
                    pages[run.RunId] = $"{Uri.EscapeDataString(System.IO.Path.GetFileName(folder))}/{Uri.EscapeDataString(run.RunId)}.html";
            });
        }

        return pages;
    }

    // If the folder cannot be made, neither can the index be written, and the error is reported for the index.
    private static bool TryCreate(string folder)
    {
        try
        {
            return Directory.Exists(System.IO.Path.GetDirectoryName(folder)) && Directory.CreateDirectory(folder).Exists;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private bool IsFormSaid => IsGiven(nameof(As));

    private ExportForm Form(string? path) => IsFormSaid || path is null ? As : FileForm.Find(path) ?? As;

    private string Text(ExportForm form) =>
        ParameterSetName == DagSet ? Drawn(DagPicture.Build(Dag), form) : TextOf(Run, form);

    private static string TextOf(DagRun run, ExportForm form)
    {
        var (dag, isPage) = (DagSession.Find(run.DagName), form == ExportForm.Html);
        if (run.DatabasePath is null)
            return Drawn(RunPicture.Build(run, dag, new JsonValueCodec(new PowerShellValueAdapter())), form);
        // The store stays open while the picture is drawn, because drawing reads payloads.
        using var store = StoreLoader.Open(run.DatabasePath, false);
        return Drawn(
            new RunPicture(
                    store, isPage ? HtmlPage.MostParts : DiagramWalk.MostParts, new KnownNodes(DagSession.FindAll(run.DagName)))
                .Build(run.Stored),
            form);
    }

    private static string Drawn(Picture picture, ExportForm form) => form switch
    {
        ExportForm.Dot => DotDiagram.Render(picture),
        ExportForm.Html => HtmlPage.Render(picture),
        _ => MermaidDiagram.Render(picture),
    };

    private void Write(string path, Func<ExportForm, string> text)
    {
        var file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        if (!provider.Name.Equals("FileSystem", StringComparison.OrdinalIgnoreCase))
            WriteNotWritten(
                file,
                new NotSupportedException($"'{path}' is a path of the provider {provider.Name}, where no file can be written."),
                ErrorCategory.InvalidArgument);
        else if (!IsFormSaid && FileForm.Find(file) is null)
            WriteUnknownForm(file);
        else if (_written.Contains(file))
            WriteNotWritten(
                file,
                new IOException($"The file {file} was written for an earlier input, and no other one is written over it."),
                ErrorCategory.ResourceExists,
                $"Name a file for each input, with -Path {EachFile(file)}"
                    + (ParameterSetName == RunSet ? "; or write one page of all runs, into a file that ends in .html." : "."));
        else if (ShouldProcess(file, "Write the drawing"))
            Write(file, text(Form(file)));
    }

    private void Write(string file, string text)
    {
        if (!Save(file, text))
            return;
        _written.Add(file);
        // Write what Get-Item returns: it has the provider path, which the next command of the pipeline binds to.
        WriteObject(InvokeProvider.Item.Get([file], force: true, literalPath: true), enumerateCollection: true);
    }

    private bool Save(string file, string text)
    {
        try
        {
            File.WriteAllText(file, text, new UTF8Encoding(false));
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            var missing = new DirectoryNotFoundException($"The folder {System.IO.Path.GetDirectoryName(file)} does not exist.");
            WriteNotWritten(file, missing, ErrorCategory.WriteError);
            return false;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            WriteNotWritten(file, cause, ErrorCategory.WriteError);
            return false;
        }
    }

    private void WriteUnknownForm(string file) => WriteNotWritten(
        file,
        new NotSupportedException($"A file that ends in {System.IO.Path.GetExtension(file)} is not written, but {FileForm.Known}."),
        ErrorCategory.InvalidArgument,
        "Give the file one of these endings, or say with -As what is written into it.");

    // Several inputs for the same file have the same error, which is written once.
    private void WriteNotWritten(string file, Exception cause, ErrorCategory category, string? action = null)
    {
        if (!_toldOf.Add((file, cause.Message)))
            return;
        WriteError(new ErrorRecord(cause, NotWritten, category, file)
        {
            ErrorDetails = new ErrorDetails(cause.Message)
            {
                RecommendedAction = action
                    ?? "Give -Path a file in a folder that is there and can be written; for several inputs a scriptblock, "
                    + $"such as {EachFile("a.html")}.",
            },
        });
    }

    private string EachFile(string file) =>
        $"{{ \"$($_.{(ParameterSetName == DagSet ? "Name" : "RunId")}){System.IO.Path.GetExtension(file)}\" }}";
}
