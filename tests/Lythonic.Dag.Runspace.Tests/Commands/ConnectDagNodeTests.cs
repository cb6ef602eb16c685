using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

public sealed class ConnectDagNodeTests : ModuleTest
{
    [Fact]
    public void An_edge_carries_the_output() => Gives(
        "2",
        """
        $d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { param($x) $x + 1 }; Connect-DagNode a b }; (Invoke-Dag $d).Outputs['b']
        """);

    [Fact]
    public void Every_From_is_connected_to_every_To() => Gives(
        "4",
        """
        (New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 1 }; Add-DagNode c { 1 }; Add-DagNode e { 1 };
            Connect-DagNode a, b c, e }).Edges.Count
        """);

    [Fact]
    public void A_named_parameter_takes_the_upstream() => Gives(
        "1-2",
        """
        $d = New-Dag d { Add-DagNode a { 2 }; Add-DagNode b { 1 }; Add-DagNode c { param($x, $y) "$x-$y" };
            Connect-DagNode a c -Parameter y; Connect-DagNode b c -Parameter x }; (Invoke-Dag $d).Outputs['c']
        """);

    [Fact]
    public void A_label_that_is_not_there_is_an_error_that_names_it() => FailsWith(
        "DagNodeNotFound",
        "New-Dag d { Add-DagNode a { 1 }; Connect-DagNode a nowhere }", "nowhere");

    [Fact]
    public void Nothing_is_written_without_PassThru() => Gives(
        "0",
        "$d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 1 } }; @($d | Connect-DagNode a b).Count");

    [Fact]
    public void PassThru_writes_the_DAG() => Gives(
        "d",
        "$d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 1 } }; ($d | Connect-DagNode a b -PassThru).Name");

    [Fact]
    public void A_second_upstream_of_a_composite_is_an_error() => FailsWith(
        "DagCompositeUpstream",
        "New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode m -Map { $_ } -After a; Connect-DagNode b m }", "m");

    [Fact]
    public void Labels_compare_without_case() => Gives(
        "2",
        """
        $d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { param($x) $x + 1 }; Connect-DagNode A B }; (Invoke-Dag $d).Outputs['b']
        """);

    [Fact]
    public void The_DAG_comes_from_the_pipeline() => Gives(
        "2",
            "$d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { $_ + 1 } }; $d | Connect-DagNode -From a -To b; "
            + "(Invoke-Dag $d).Outputs['b']");

    [Fact]
    public void A_call_that_fails_adds_no_edge() => Gives(
        "0",
            "$d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 1 } }; try { $d | Connect-DagNode a b, nowhere } catch { }; "
            + "$d.Edges.Count");

    [Fact]
    public void A_parameter_that_is_not_there_is_a_problem_before_anything_runs() => FailsWith(
        "Dag",
            "$d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode c { param($x) $x }; Connect-DagNode a c -Parameter zebra }; Invoke-Dag $d",
            "zebra", "c");

    [Fact]
    public void Several_upstreams_may_be_named_for_a_list_parameter() => Gives(
        "1,2",
            "(New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c { param([int[]]$x) $x -join ',' }; "
            + "Connect-DagNode a, b c -Parameter x } | Invoke-Dag).Outputs['c']");

    [Fact]
    public void Several_upstreams_named_for_a_scalar_parameter_are_ambiguous() => FailsWith(
        "DagInputAmbiguous",
            "New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c { param([int]$x) $x }; "
            + "Connect-DagNode a, b c -Parameter x } | Invoke-Dag", "c", "x");
}
