using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

public sealed class TestDagTests : ModuleTest
{
    [Fact]
    public void A_sound_DAG_gives_nothing() => Gives(
        "0",
        "@(New-Dag d { Add-DagNode a { 1 } } | Test-Dag).Count");

    [Fact]
    public void A_cycle_is_a_problem() => Gives(
        "DagCycle",
        "$d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 1 } -After a; Connect-DagNode b a }; ($d | Test-Dag).ErrorId");

    [Fact]
    public void The_message_of_a_cycle_has_its_path() => Gives(
        "True",
        """
        $d = New-Dag d { Add-DagNode one { 1 }; Add-DagNode two { 1 } -After one; Connect-DagNode two one }; $m = ($d | Test-Dag).Message; $m.Contains('one') -and $m.Contains('two')
        """);

    [Fact]
    public void A_problem_has_the_severity_error() => Gives(
        "Error",
        """
        $d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 1 } -After a; Connect-DagNode b a }; [string]($d | Test-Dag).Severity
        """);

    [Fact]
    public void Two_candidates_for_one_parameter_are_a_problem_of_the_node() => Gives(
        "DagInputAmbiguous c",
        """
        $d = New-Dag d { Add-DagNode a { 1 } -OutputType int; Add-DagNode b { 2 } -OutputType int; Add-DagNode c { param([int]$n) $n } -After a, b }
        $p = $d | Test-Dag; "$($p.ErrorId) $($p.Node)"
        """);

    [Fact]
    public void A_mandatory_parameter_with_no_candidate_is_a_problem_of_the_node() => Gives(
        "DagInputMissing b",
        """
        $d = New-Dag d { Add-DagNode a { 1 } -OutputType int; Add-DagNode b { param([Parameter(Mandatory)][version]$v, [int]$n) $v } -After a }
        $p = $d | Test-Dag; "$($p.ErrorId) $($p.Node)"
        """);

    [Fact]
    public void All_problems_are_found_at_once() => Gives(
        "2",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 } -OutputType int; Add-DagNode b { 2 } -OutputType int
            Add-DagNode c { param([int]$n) $n } -After a, b
            Add-DagNode e { param([int]$m) $m } -After a, b
        }
        @($d | Test-Dag).Count
        """);

    [Fact]
    public void Nothing_runs() => Gives(
        "",
        "New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a') } } | Test-Dag; [Tests.Ran]::Sorted($Folder)");
}
