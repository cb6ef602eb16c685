using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class OverrideTests : ModuleTest
{
    [Fact]
    public void An_override_replaces_what_a_node_runs() => Gives(
        "20",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode b { param($x) $x * 10 } -After a
        }
        (Invoke-Dag $d -Override @{ a = { 2 } }).Outputs['b']
        """);

    [Fact]
    public void The_next_run_has_the_node_as_it_was() => Gives(
        "1",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
        }
        $null = Invoke-Dag $d -Override @{ a = { 2 } }; (Invoke-Dag $d).Outputs['a']
        """);

    [Fact]
    public void The_wiring_does_not_change() => Gives(
        "y",
        """
        $d = New-Dag d {
            Add-DagNode a { 'y' } -OutputType string
            Add-DagNode b { param([string]$text) 'real' } -After a
        }
        (Invoke-Dag $d -Override @{ b = { param([string]$text) $text } }).Outputs['b']
        """);

    [Fact]
    public void A_label_of_an_override_compares_without_case() => Gives(
        "2",
        """
        $d = New-Dag d {
            Add-DagNode fetch { 1 }
        }
        (Invoke-Dag $d -Override @{ FETCH = { 2 } }).Outputs['fetch']
        """);

    [Fact]
    public void A_label_that_is_not_there_is_an_error() => FailsWith(
        "DagNodeNotFound",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
        }
        Invoke-Dag $d -Override @{ nowhere = { 2 } }
        """, "nowhere");
}
