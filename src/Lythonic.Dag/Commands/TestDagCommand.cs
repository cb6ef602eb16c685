using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Errors;

namespace Lythonic.Dag.Commands;

/// <summary>Checks a DAG and writes each problem. If it is sound, nothing is written.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Dag")]
[OutputType(typeof(DagProblem))]
public sealed class TestDagCommand : DagCmdlet
{
    /// <summary>The DAG to check.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [DagTransformation]
    public Dag Dag { get; set; } = null!;

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrThrow(() =>
    {
        DagTransformationAttribute.Require(Dag, "Test-Dag");
        var problems = AllProblems.Find(Dag, SessionState.InvokeCommand);
        WriteObject(problems.Select(problem => problem with { RecommendedAction = Advice.For(problem) }), enumerateCollection: true);
    });
}
