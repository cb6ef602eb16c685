using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Runs;

namespace Lythonic.Dag.Commands;

/// <summary>Adds edges to a DAG, from each node of <c>-From</c> to each node of <c>-To</c>.</summary>
[Cmdlet(VerbsCommunications.Connect, "DagNode")]
[OutputType(typeof(Dag))]
public sealed class ConnectDagNodeCommand : DagCmdlet
{
    /// <summary>The DAG; not needed inside <c>New-Dag -Definition</c>.</summary>
    [Parameter(ValueFromPipeline = true)]
    [DagTransformation]
    public Dag? Dag { get; set; }

    /// <summary>The labels of the upstream nodes.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(LabelCompleter))]
    [ValidateNotNull]
    [AllowEmptyString]
    public string[] From { get; set; } = [];

    /// <summary>The labels of the downstream nodes.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(LabelCompleter))]
    [ValidateNotNull]
    [AllowEmptyString]
    public string[] To { get; set; } = [];

    /// <summary>The parameter of the downstream nodes that the upstream output fills.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ParameterCompleter))]
    public string? Parameter { get; set; }

    /// <summary>Write the DAG, so that calls chain.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrThrow(() =>
    {
        var dag = DagTarget.Resolve(Dag);
        // Check all labels first, so that a call that fails adds no edge.
        foreach (var label in From.Concat(To))
            _ = dag[label];
        foreach (var to in To)
        {
            foreach (var from in From)
                dag.Connect(from, to, Parameter);
        }

        if (PassThru)
            WriteObject(dag);
    });
}
