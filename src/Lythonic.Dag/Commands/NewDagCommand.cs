using System.Collections;
using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Hosting;

namespace Lythonic.Dag.Commands;

/// <summary>Makes a DAG.</summary>
[Cmdlet(VerbsCommon.New, "Dag")]
[OutputType(typeof(Dag))]
public sealed class NewDagCommand : DagCmdlet
{
    /// <summary>The name; runs are found by it.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowEmptyString]
    [AllowNull]
    [NameTransformation]
    public string Name { get; set; } = "";

    /// <summary>A block that adds nodes and edges; the DAG is implied in it.</summary>
    [Parameter(Position = 1)]
    public ScriptBlock? Definition { get; set; }

    /// <summary>A text for people.</summary>
    [Parameter]
    public string? Description { get; set; }

    /// <summary>Variables that nodes see.</summary>
    [Parameter]
    public IDictionary? Variable { get; set; }

    /// <summary>Functions that nodes can call.</summary>
    [Parameter]
    public string[]? Function { get; set; }

    /// <summary>Modules that nodes need.</summary>
    [Parameter]
    public string[]? Module { get; set; }

    /// <summary>
    /// Errors that do not terminate fail their node, as does a native command with an exit code other than 0. Strict mode is Latest.
    /// </summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>How many completed runs are kept: when one has completed, those beyond the newest so many are removed.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int KeepLast { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => OrThrow(() =>
    {
        NameRule.Require(Name, "A DAG", "Give the DAG a name before its definition, as in New-Dag etl { … }.");
        NameRule.Require(Name, "A DAG", "Give the DAG a name before its definition, as in New-Dag etl { … }.");
        var dag = new Dag(Name, Description) { Strict = Strict, KeepLast = KeepLast > 0 ? KeepLast : null };
        var variables = CodeResolver.WithTextKeys(Variable, $"-Variable of the DAG '{dag.Name}'");
        dag.Host = new DagSessionRequest(variables, Function ?? [], Module ?? []);
        if (Definition is not null)
            DagSession.Define(dag, () => Read(Definition));
        DagSession.Remember(dag);
        WriteObject(dag);
    });

    // Output of the block is not part of the DAG and is dropped. An error in it ends the definition and keeps its own line.
    private void Read(ScriptBlock definition) =>
        InvokeCommand.InvokeScript(
            true, ScriptBlock.Create("param($__definition) try { $null = & $__definition } catch { throw }"), null, definition);
}
