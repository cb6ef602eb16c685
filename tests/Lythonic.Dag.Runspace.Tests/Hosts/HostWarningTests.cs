using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosts;

/// <summary>What <c>Test-Dag</c> says of nodes on hosts, before anything is connected to.</summary>
public sealed class HostWarningTests : ModuleTest
{
    [Theory]
    [InlineData("class Box { [int]$n }; New-Dag d { Add-DagNode a -On web { param([Box]$b) $b.n } }", "a", "[Box]")]
    [InlineData("enum Hue { Red }; New-Dag d { Add-DagNode a -On web { [Hue]::Red } }", "a", "[Hue]")]
    [InlineData(
        "class Box { }; New-Dag d { Add-DagNode s { 1 }; Add-DagNode m -After s -On Process -Map { [Box[]]@() } }",
        "m/m",
        "[Box[]]")]
    [InlineData("New-Dag d { Add-DagNode a -On web { $env:STAGE } }", "a", "$env:STAGE")]
    [InlineData("New-Dag d { Add-DagNode s { 1 }; Add-DagNode m -After s -On { \"web$_\" } -Map { $env:STAGE } }", "m/m", "$env:STAGE")]
    [InlineData(
        "$sub = New-Dag s { Add-DagNode x -Method 'System.IO.Path::GetFileName' }; "
            + "New-Dag d { Add-DagNode s { 1 }; Add-DagNode m -After s -On web -Map $sub }",
        "m/x",
        "calls a .NET method and runs in this process")]
    [InlineData(
        "$sub = New-Dag s { Add-DagNode x -Inline { 1 } }; New-Dag d { Add-DagNode s { 1 }; Add-DagNode m -After s -On web -Call $sub }",
        "m/x",
        "is inline and runs in this process")]
    public void What_does_not_travel_is_a_warning(string script, string node, string mention) => Gives(
        $"Warning {node} True",
        $$"""
        $d = . { {{script}} }
        $p = @(Test-Dag $d)
        "$($p.Severity) $($p.Node) $($p.Message.Contains('{{mention}}'))"
        """);

    [Theory]
    [InlineData("Add-DagNode a -On web { $env:OWN = 1; $env:OWN }")]
    [InlineData("Add-DagNode a -On web { $using:env:HOME }")]
    [InlineData("Add-DagNode a -On Process { $env:STAGE }")]
    [InlineData("Add-DagNode a -On web { [int]1; [System.Text.StringBuilder]::new(); [datetime[]]@() }")]
    [InlineData("Add-DagNode a { $env:STAGE }")]
    [InlineData("Add-DagNode a -On web { enum Hue { Red }; class Box { [Hue]$h }; [Box]::new(); [Hue]::Red; [Box[]]@() }")]
    public void What_travels_is_none(string node) => Gives("0", $"$d = New-Dag d {{ {node} }}; @(Test-Dag $d).Count");
}
