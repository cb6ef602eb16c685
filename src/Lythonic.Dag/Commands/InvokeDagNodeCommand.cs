using System.Collections;
using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Runs;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Commands;

/// <summary>Runs one node alone, as the DAG would, and writes its output. Nothing is stored.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "DagNode", SupportsShouldProcess = true, DefaultParameterSetName = DagSet)]
public sealed class InvokeDagNodeCommand : DagInvokeCmdlet
{
    private const string DagSet = "Dag";
    private const string PipelineSet = "Pipeline";

    private string? _name;

    /// <summary>The DAG.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = DagSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PipelineSet)]
    [DagTransformation(TakesTexts = true)]
    public Dag Dag { get; set; } = null!;

    /// <summary>The node's label.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = DagSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PipelineSet)]
    [Alias("Label")]
    [ArgumentCompleter(typeof(LabelCompleter))]
    [RefuseCode]
    public string Name
    {
        get => _name ?? "";

        // The name is in both parameter sets, so PowerShell binds two positional texts to it, one after the other.
        set => _name = _name is null ? value : throw new ArgumentException(
            $"Two names were given, '{_name}' and '{value}': Invoke-DagNode takes the DAG itself and one name. "
                + $"Keep what New-Dag returns, as in $dag = New-Dag NAME {{ … }}, and write: Invoke-DagNode $dag {value}");
    }

    /// <summary>
    /// Values by parameter name. A composite node, or a node without parameters, takes one value, under the key <c>_</c>.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public IDictionary? Parameter { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrThrow(() =>
    {
        DagTransformationAttribute.Require(Dag, "Invoke-DagNode");
        var label = Dag[Name].Label;
        RequireNames(label);
        RunWarnings.Write(this, Dag, new DagRunOptions { Inline = Inline }, node => node.Equals(label, StringComparison.OrdinalIgnoreCase));
        if (IsWhatIf)
            WritePlan([new PlannedNode(label, PlannedAction.Run, "it is named")]);
        else if (ShouldProcess($"{label} of {Dag.Name}", "Run the node"))
            Run(label);
    });

    private void RequireNames(string label)
    {
        foreach (var key in Parameter?.Keys ?? Array.Empty<object>())
        {
            NameRule.Require(
                key.ToString(),
                $"A key of -Parameter of node '{label}'",
                "Give each value the name of a parameter; the one value of a node without parameters has the key _.");
            RequireParameter(Dag[label], key.ToString()!);
        }
    }

    // A node without a param() block, and a composite node, take the whole value under any name.
    private static void RequireParameter(DagNode node, string name)
    {
        if (node.IsComposite || node.Code is not { } code || code.Signatures.Any(signature => signature.TakesPipelineValue))
            return;
        var parameters = code.Signatures.SelectMany(signature => signature.Parameters).ToList();
        if (parameters.Exists(parameter => parameter.GoesBy(name)))
            return;
        var names = parameters.Select(parameter => parameter.Name).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        throw new DagException(
            DagErrorId.DagSourceInputUnknown,
            UnknownParameter.Message("-Parameter names", name, node.Label, names),
            node.Label,
            UnknownParameter.Action);
    }

    private void Run(string label)
    {
        using var store = new NullProvenance();
        var result = new RunLauncher(this, Dag, store)
            .Run(new DagRunOptions { Inline = Inline }, (runner, stop) => runner.RunNodeAsync(label, Parameter, stop));
        if (result.Failure is not null)
            ThrowTerminatingError(ErrorRecords.NodeFailed(result, Dag.Name, isKept: false, isWritten: false));
        foreach (DictionaryEntry output in result.Outputs)
            WriteObject(output.Value);
    }
}
