using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>What is shown where no view applies, such as behind objects of another type.</summary>
public sealed class DefaultDisplayTests : ModuleTest
{
    private const string Things =
        "$d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { $_ } -After a; Connect-DagNode a b -Parameter x; }; "
        + "$r = Invoke-Dag (New-Dag e { Add-DagNode a { 1 } }); $p = Test-Dag $d; ";

    [Theory]
    [InlineData("$d", "Name,Description,Nodes,Edges")]
    [InlineData("$d.Nodes[0]", "Label,Kind")]
    [InlineData("$r", "RunId,DagName,Status,Duration,StartedAt,FailedNode,ErrorCount,ReusedFrom,Error")]
    [InlineData("$r.Nodes[0]", "Label,Kind,Status,Attempt,Duration,ErrorCount,ReusedFrom,Error")]
    [InlineData("@($p)[0]", "Severity,ErrorId,Node,Message")]
    public void A_few_properties_stand_for_an_object(string thing, string properties) =>
        Gives(properties, Things + $"({thing}).PSStandardMembers.DefaultDisplayPropertySet.ReferencedPropertyNames -join ','");

    [Fact]
    public void Each_of_them_is_there() => Gives(
        "",
        Things +
            "foreach ($thing in $d, $d.Nodes[0], $r, $r.Nodes[0], @($p)[0]) "
            + "{ $thing.PSStandardMembers.DefaultDisplayPropertySet.ReferencedPropertyNames | "
            + "Where-Object { -not $thing.PSObject.Properties[$_] } }");

    [Theory]
    [InlineData("$d.Edges[0]", "a -> b")]
    [InlineData("$d.Edges[1]", "a -> b:x")]
    public void An_edge_says_what_it_joins(string edge, string text) => Gives(text, Things + $"\"$({edge})\"");

    [Fact]
    public void A_problem_says_what_is_wrong() => Gives(
        "True",
            "$p = @(Test-Dag (New-Dag bad { Add-DagNode a { 1 }; Add-DagNode b { param([Parameter(Mandatory)]$x, [Parameter(Mandatory)]$y) "
            + "1 } -After a })); \"$($p[0])\" -eq \"DagInputMissing: $($p[0].Message)\"");

    [Fact]
    public void The_module_is_imported_again_without_an_error() =>
        Gives("1", "Import-Module ((Get-Module Lythonic.Dag).ModuleBase + '/Lythonic.Dag.psd1') -Force; @(Get-Module Lythonic.Dag).Count");
}
