using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class SwitchTests : ModuleTest
{
    [Fact]
    public void By_picks_the_branch() => Gives(
        "high high",
        """
        $d = New-Dag d {
            Add-DagNode a { 'high' }
            Add-DagNode s -Switch @{ low = { "low $_" }; high = { "high $_" } } -By { $_ } -After a
        }
        (Invoke-Dag $d).Outputs['s']
        """);

    [Fact]
    public void By_sees_the_value() => Gives(
        "low 3",
        """
        $d = New-Dag d {
            Add-DagNode a { 3 }
            Add-DagNode s -Switch @{ low = { "low $_" }; high = { "high $_" } } -By { if ($_ -gt 5) { 'high' } else { 'low' } } -After a
        }
        (Invoke-Dag $d).Outputs['s']
        """);

    [Fact]
    public void The_upstream_value_is_never_changed() => Gives(
        "3",
        """
        $d = New-Dag d {
            Add-DagNode a { 3 }
            Add-DagNode s -Switch @{ low = { "low $_" }; high = { "high $_" } } -By { if ($_ -gt 5) { 'high' } else { 'low' } } -After a
        }
        ((Invoke-Dag $d).Nodes | Where-Object Label -eq a).Output
        """);

    [Fact]
    public void A_two_element_array_carries_the_branch_and_the_value() => Gives(
        "high 4",
        """
        $d = New-Dag d {
            Add-DagNode a { 'high', 4 }
            Add-DagNode s -Switch @{ low = { "low $_" }; high = { "high $_" } }  -After a
        }
        (Invoke-Dag $d).Outputs['s']
        """);

    [Fact]
    public void A_branch_that_does_not_exist_lists_those_that_do() => FailsWith(
        "DagNodeFailed",
        """
        $d = New-Dag d {
            Add-DagNode a { 'middle' }
            Add-DagNode s -Switch @{ low = { "low $_" }; high = { "high $_" } } -By { $_ } -After a
        }
        Invoke-Dag $d
        """, "middle", "low", "high");

    [Fact]
    public void The_sub_run_of_a_switch_has_its_branch_as_key() => Gives(
        "d/s[high]",
        """
        $d = New-Dag d {
            Add-DagNode a { 'high' }
            Add-DagNode s -Switch @{ low = { "low $_" }; high = { "high $_" } } -By { $_ } -After a
        }
        $null = Invoke-Dag $d; (Get-DagRun -IncludeChild | Where-Object ParentRunId).DagName
        """);

    [Fact]
    public void Branches_compare_without_case() => Gives(
        "high HIGH",
        """
        $d = New-Dag d {
            Add-DagNode a { 'HIGH' }
            Add-DagNode s -Switch @{ low = { "low $_" }; high = { "high $_" } } -By { $_ } -After a
        }
        (Invoke-Dag $d).Outputs['s']
        """);

    [Fact]
    public void A_dictionary_with_a_branch_key_picks_its_branch() => Gives(
        "True",
        """
        $d = New-Dag d {
            Add-DagNode a { @{ __switch__ = 'low'; n = 1 } }
            Add-DagNode s -Switch @{ low = { $null -ne $_ }; high = { 'no' } } -After a
        }
        (Invoke-Dag $d).Outputs['s']
        """);

    [Fact]
    public void A_map_of_branches_routes_every_element() => Gives(
        "low 1,high 9",
        """
        $d = New-Dag d {
            Add-DagNode a { 1, 9 }
            Add-DagNode m -Map @{ low = { "low $_" }; high = { "high $_" } } -By { if ($_ -gt 5) { 'high' } else { 'low' } } -After a
        }
        (Invoke-Dag $d).Outputs['m'] -join ','
        """);
}
