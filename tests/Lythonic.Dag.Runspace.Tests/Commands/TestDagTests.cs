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
        $d = New-Dag d { Add-DagNode one { 1 }; Add-DagNode two { 1 } -After one; Connect-DagNode two one }; $m = ($d | Test-Dag).Message;
            $m.Contains('one') -and $m.Contains('two')
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
        $d = New-Dag d { Add-DagNode a { 1 } -OutputType int; Add-DagNode b { 2 } -OutputType int;
            Add-DagNode c { param([int]$n) $n } -After a, b }
        $p = $d | Test-Dag; "$($p.ErrorId) $($p.Node)"
        """);

    [Fact]
    public void A_mandatory_parameter_with_no_candidate_is_a_problem_of_the_node() => Gives(
        "DagInputMissing b",
        """
        $d = New-Dag d { Add-DagNode a { 1 } -OutputType int;
            Add-DagNode b { param([Parameter(Mandatory)][version]$v, [int]$n) $v } -After a }
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

    [Fact]
    public void A_problem_has_these_properties() => Gives(
        "Error DagCycle a True",
        "$p = New-Dag d { Add-DagNode a { 1 }; Connect-DagNode a a } | Test-Dag; "
        + "\"$($p.Severity) $($p.ErrorId) $($p.Node) $($p.Message.Length -gt 0)\"");

    [Fact]
    public void What_a_source_needs_is_no_problem_of_the_DAG() =>
        Gives("0", "@(New-Dag d { Add-DagNode a { param([Parameter(Mandatory)]$x) $x } } | Test-Dag).Count");

    [Fact]
    public void Problems_inside_a_sub_DAG_are_found() => Gives(
        "DagInputMissing c/y",
        "$s = New-Dag s { Add-DagNode x { 1 } -OutputType ([int]); Add-DagNode y { param([int]$n, [Parameter(Mandatory)][version]$v) 1 } "
        + "-After x }; $p = New-Dag d { Add-DagNode a { 1 }; Add-DagNode c -Call $s -After a } | Test-Dag; \"$($p.ErrorId) $($p.Node)\"");

    [Fact]
    public void A_problem_is_no_error() =>
        Assert.Empty(Session.Run("$d = New-Dag d { Add-DagNode a { 1 }; Connect-DagNode a a }; $d | Test-Dag").AllErrors);

    [Theory]
    [InlineData("Add-DagNode fetch { 1 }; Add-DagNode b -After fecth { 2 }", "Did you mean 'fetch'?")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b -After a { param($Count) 2 } -Parameter @{ Cuont = 1 }", "Did you mean 'Count'?")]
    [InlineData("Add-DagNode fetch { 1 } -OutputType int; Add-DagNode b -After fetch { param([int]$n, [Parameter(Mandatory)][uri]$fetsh) }",
        "Did you mean 'fetch'?")]
    [InlineData("Add-DagNode a { param($Url) 1 }", "Did you mean 'Url'?", "@{ Ulr = 1 }")]
    public void A_name_that_is_much_like_another_one_is_asked_about(string nodes, string question, string input = "@{}")
    {
        var error = Session.Run($"New-Dag d {{ {nodes} }} | Invoke-Dag -SourceInput {input}").AllErrors.First();

        Assert.Contains(question, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_like_no_other_is_not() => Assert.DoesNotContain(
        "Did you mean", FailsWith("DagNodeNotFound", "New-Dag d { Add-DagNode a { 1 }; Add-DagNode b -After c { 2 } }").ToString(),
        StringComparison.Ordinal);
}
