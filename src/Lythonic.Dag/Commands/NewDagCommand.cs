using System.Collections;
using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Sessions;

namespace Lythonic.Dag.Commands;

/// <summary>Makes a DAG, and remembers it in the session under its name.</summary>
[Cmdlet(VerbsCommon.New, "Dag")]
[OutputType(typeof(Dag))]
public sealed class NewDagCommand : DagCmdlet
{
    private const string LeaveOut = "Leave the empty name out; a variable that is not set gives one.";

    /// <summary>The name of the DAG. Its runs are found by it.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowEmptyString]
    [AllowNull]
    [NameTransformation]
    public string Name { get; set; } = "";

    /// <summary>A scriptblock that adds nodes and edges. Inside it, <c>-Dag</c> is not needed.</summary>
    [Parameter(Position = 1)]
    public ScriptBlock? Definition { get; set; }

    /// <summary>A description for people.</summary>
    [Parameter]
    public string? Description { get; set; }

    /// <summary>Variables that the nodes see, by name.</summary>
    [Parameter]
    public IDictionary? Variable { get; set; }

    /// <summary>Names of functions that the nodes can call.</summary>
    [Parameter]
    public string[]? Function { get; set; }

    /// <summary>Names of modules that the nodes need.</summary>
    [Parameter]
    public string[]? Module { get; set; }

    /// <summary>
    /// A non-terminating error fails its node, and so does a native command whose exit code is not 0. Nodes run under
    /// <c>Set-StrictMode -Version Latest</c>.
    /// </summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>How many completed runs to keep. Each time a run completes, older completed runs beyond this number are removed.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int KeepLast { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => OrThrow(() =>
    {
        NameRule.Require(Name, "A DAG", "Give the DAG a name before its definition, as in New-Dag etl { … }.");
        var dag = new Dag(Name, Description) { Strict = Strict, KeepLast = KeepLast > 0 ? KeepLast : null };
        var variables = CodeResolver.WithTextKeys(Variable, $"-Variable of the DAG '{dag.Name}'");
        dag.Host = new DagSessionRequest(
            variables,
            Array.ConvertAll(Function ?? [], name => NameRule.Require(name, $"A function of the DAG '{dag.Name}'", LeaveOut)),
            Array.ConvertAll(Module ?? [], name => Place(NameRule.Require(name, $"A module of the DAG '{dag.Name}'", LeaveOut))));
        if (Definition is not null)
            DagSession.Define(dag, () => Read(Definition));
        DagSession.Remember(dag);
        WriteObject(dag);
    });

    // A path is meant from where the DAG is made. Its runs may start elsewhere.
    private string Place(string module) =>
        module.StartsWith('.') || module.StartsWith('~') ? SessionState.Path.GetUnresolvedProviderPathFromPSPath(module) : module;

    // Output of the block is dropped. An error in it ends the definition, and keeps the position of its own line.
    private void Read(ScriptBlock definition) =>
        InvokeCommand.InvokeScript(
            true, ScriptBlock.Create("param($__definition) try { $null = & $__definition } catch { throw }"), null, definition);
}
