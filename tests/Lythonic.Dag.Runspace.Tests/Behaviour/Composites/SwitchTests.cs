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

    [Theory]
    [InlineData("[pscustomobject]@{ x = 1; __switch__ = 'high'; y = 2 }", "high x,y PSCustomObject")]
    [InlineData("[ordered]@{ x = 1; __SWITCH__ = 'high'; y = 2 }", "high x,y OrderedDictionary")]
    public void A_dictionary_or_an_object_carries_its_branch_which_gets_the_rest(string value, string seen) => Gives(
        seen,
        $$"""
        $d = New-Dag d {
            Add-DagNode a { {{value}} }
            Add-DagNode s -After a -Switch @{
                low = { 'low' }
                high = {
                    $keys = $_ -is [Collections.IDictionary] ? $_.Keys : $_.PSObject.Properties.Name
                    "high $($keys -join ',') $($_.GetType().Name)"
                }
            }
        }
        (Invoke-Dag $d).Outputs['s']
        """);

    [Fact]
    public void An_object_that_carries_its_branch_is_not_changed() => Gives(
        "x,__switch__",
        "$d = New-Dag d { Add-DagNode a { [pscustomobject]@{ x = 1; __switch__ = 'high' } }; "
        + "Add-DagNode s -Switch @{ high = { $_.x } } -After a; Add-DagNode c { $_.PSObject.Properties.Name -join ',' } -After a }; "
        + "(Invoke-Dag $d).Outputs['c']");

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

    [Fact]
    public void The_key_in_a_dictionary_stays_in_the_upstream_value() => Gives(
        "3 low",
        """
        $r = New-Dag d { Add-DagNode a { @{ __switch__ = 'low'; n = 3 } };
            Add-DagNode s -Switch @{ low = { $_.n }; high = { 'no' } } -After a } | Invoke-Dag
        "$($r.Outputs['s']) $(($r.Nodes | Where-Object Label -eq a).Output['__switch__'])"
        """);

    [Fact]
    public void A_DAG_is_a_branch() => Gives(
        "7",
        "$b = New-Dag b { Add-DagNode x { $_ + 1 }; Add-DagNode y { $_ * 1 } -After x }; (New-Dag d { Add-DagNode a { 6 }; "
        + "Add-DagNode s -Switch @{ b = $b; c = { 0 } } -By { 'b' } -After a } | Invoke-Dag).Outputs['s']");

    [Theory]
    [InlineData("@{ 3 = { 'three' }; 4 = { 'four' } } -By { $_ }", "three")]
    [InlineData("@{ $true = { 'yes' }; $false = { 'no' } } -By { $_ -gt 2 }", "yes")]
    [InlineData("@{ low = { 1 }; default = { \"other $_\" } } -By { 'nowhere' }", "other 3")]
    public void A_branch_is_found_by_its_key(string branches, string expected) =>
        Gives(expected, $"(New-Dag d {{ Add-DagNode a {{ 3 }}; Add-DagNode s -Switch {branches} -After a }} | Invoke-Dag).Outputs['s']");

    [Fact]
    public void A_branch_with_several_parameters_takes_a_dictionary_by_its_keys() => Gives(
        "3",
        "(New-Dag d { Add-DagNode a { @{ x = 1; y = 2 } }; Add-DagNode s -Switch @{ low = { param($x, $y) $x + $y } } -By { 'low' } "
        + "-After a } | Invoke-Dag).Outputs['s']");

    [Fact]
    public void A_value_that_carries_no_branch_is_an_error() => FailsWith(
        "DagNodeFailed", "New-Dag d { Add-DagNode a { 3 }; Add-DagNode s -Switch @{ low = { 1 } } -After a } | Invoke-Dag", "'s'",
            "__switch__");

    [Fact]
    public void An_error_of_By_fails_the_node() => FailsWith(
        "DagNodeFailed",
            "New-Dag d { Add-DagNode a { 3 }; Add-DagNode s -Switch @{ low = { 1 } } -By { throw 'bad choice' } -After a } | Invoke-Dag",
            "bad choice");

    [Fact]
    public void Only_the_branch_that_is_picked_runs() => Gives(
        "low",
        "$null = New-Dag d { Add-DagNode a { 1 }; Add-DagNode s -Switch @{ low = { [Tests.Ran]::Node($using:Folder, 'low') }; "
        + "high = { [Tests.Ran]::Node($using:Folder, 'high') } } -By { 'low' } -After a } | Invoke-Dag; [Tests.Ran]::Sorted($Folder)");

    [Theory]
    [InlineData("-Switch @{}")]
    [InlineData("-Switch @{ x = 1 }")]
    [InlineData("-Map @{ x = 1 }")]
    [InlineData("-Map 5")]
    public void What_is_no_sub_DAG_is_refused_when_the_node_is_added(string composite) =>
        FailsWith("DagSubDagShape", $"New-Dag d {{ Add-DagNode a {{ 1 }}; Add-DagNode s {composite} -After a }}", "s");
}
