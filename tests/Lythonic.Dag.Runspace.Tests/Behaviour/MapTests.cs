using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class MapTests : ModuleTest
{
    [Fact]
    public void A_list_gives_an_array_in_the_order_of_the_list() => Gives(
        "2,4,6",
        """
        $d = New-Dag d {
            Add-DagNode l { 1, 2, 3 }
            Add-DagNode m -Map { $_ * 2 } -After l
        }
        (Invoke-Dag $d).Outputs['m'] -join ','
        """);

    [Fact]
    public void The_result_of_a_map_over_a_list_is_an_array() => Gives(
        "True",
        """
        $d = New-Dag d {
            Add-DagNode l { 1, 2 }
            Add-DagNode m -Map { $_ } -After l
        }
        (Invoke-Dag $d).Outputs['m'] -is [array]
        """);

    [Fact]
    public void A_dictionary_gives_an_ordered_dictionary_with_its_keys() => Gives(
        "b=2 a=4",
        """
        $d = New-Dag d {
            Add-DagNode l { [ordered]@{ b = 1; a = 2 } }
            Add-DagNode m -Map { $_ * 2 } -After l
        }
        $o = (Invoke-Dag $d).Outputs['m']; @(foreach ($k in $o.Keys) { "$k=$($o[$k])" }) -join ' '
        """);

    [Fact]
    public void An_empty_list_gives_an_empty_array() => Gives(
        "0 True",
        """
        $d = New-Dag d {
            Add-DagNode l { [OutputType([int[]])] param() }
            Add-DagNode m -Map { $_ } -After l
        }
        $o = (Invoke-Dag $d).Outputs['m']; "$($o.Count) $($o -is [array])"
        """);

    [Fact]
    public void A_scalar_from_a_node_with_no_declared_type_is_a_list_of_one() => Gives(
        "10",
        """
        $d = New-Dag d {
            Add-DagNode l { 5 }
            Add-DagNode m -Map { $_ * 2 } -After l
        }
        $o = (Invoke-Dag $d).Outputs['m']; $o[0]
        """);

    [Fact]
    public void A_scalar_of_a_declared_type_is_an_error_before_anything_runs() => FailsWith(
        "DagTypeMismatch",
        """
        $d = New-Dag d {
            Add-DagNode l { 5 } -OutputType int
            Add-DagNode m -Map { $_ } -After l
        }
        Invoke-Dag $d
        """);

    [Fact]
    public void Flatten_splices_list_results() => Gives(
        "1,1,2,2",
        """
        $d = New-Dag d {
            Add-DagNode l { 1, 2 }
            Add-DagNode m -Map { $_, $_ } -After l -Flatten
        }
        (Invoke-Dag $d).Outputs['m'] -join ','
        """);

    [Fact]
    public void A_sub_DAG_runs_once_for_each_element() => Gives(
        "3,5",
        """
        $s = New-Dag s { Add-DagNode x { param($n) $n * 2 }; Add-DagNode y { param($n) $n + 1 } -After x }
        $d = New-Dag d {
            Add-DagNode l { 1, 2 }
            Add-DagNode m -Map $s -After l
        }
        (Invoke-Dag $d).Outputs['m'] -join ','
        """);

    [Fact]
    public void Elements_run_at_the_same_time() => Gives(
        "True,True",
        """
        $gate = [Threading.Barrier]::new(2)
        $d = New-Dag d {
            Add-DagNode l { 1, 2 }
            Add-DagNode m -Map { $g = $using:gate; $g.SignalAndWait(20000) } -After l
        }
        (Invoke-Dag $d -ThrottleLimit 2).Outputs['m'] -join ','
        """);

    [Fact]
    public void A_source_with_several_parameters_takes_an_element_by_its_keys() => Gives(
        "1-2,3-4",
        """
        $d = New-Dag d {
            Add-DagNode l { @{ x = 1; y = 2 }, @{ x = 3; y = 4 } }
            Add-DagNode m -Map { param($x, $y) "$x-$y" } -After l
        }
        (Invoke-Dag $d).Outputs['m'] -join ','
        """);

    [Fact]
    public void A_sub_run_is_named_by_its_path_and_key() => Gives(
        "d/m[0],d/m[1]",
        """
        $d = New-Dag d {
            Add-DagNode l { 1, 2 }
            Add-DagNode m -Map { $_ } -After l
        }
        $null = Invoke-Dag $d; $n = [string[]]@(Get-DagRun -IncludeChild | Where-Object ParentRunId | ForEach-Object DagName); [array]::Sort($n); $n -join ','
        """);

    [Fact]
    public void A_sub_run_of_a_dictionary_is_named_by_its_key() => Gives(
        "d/m[left]",
        """
        $d = New-Dag d {
            Add-DagNode l { [ordered]@{ left = 1 } }
            Add-DagNode m -Map { $_ } -After l
        }
        $null = Invoke-Dag $d; (Get-DagRun -IncludeChild | Where-Object ParentRunId).DagName
        """);

    [Fact]
    public void A_sub_run_has_the_id_of_its_parent() => Gives(
        "True",
        """
        $d = New-Dag d {
            Add-DagNode l { , @(1) }
            Add-DagNode m -Map { $_ } -After l
        }
        $r = Invoke-Dag $d; (Get-DagRun -IncludeChild | Where-Object ParentRunId).ParentRunId -eq $r.RunId
        """);

    [Fact]
    public void Nested_maps_run_at_a_throttle_limit_of_one() => Gives(
        "2,3;3,4",
        """
        $s = New-Dag s { Add-DagNode i { param($n) $n, ($n + 1) }; Add-DagNode x -Map { $_ + 1 } -After i; Add-DagNode o { $_ -join ',' } -After x }
        $d = New-Dag d {
            Add-DagNode l { 1, 2 }
            Add-DagNode m -Map $s -After l
        }
        (Invoke-Dag $d -ThrottleLimit 1).Outputs['m'] -join ';'
        """);

    [Fact]
    public void A_failed_element_fails_the_node() => FailsWith(
        "DagNodeFailed",
        """
        $d = New-Dag d {
            Add-DagNode l { 1, 2 }
            Add-DagNode m -Map { if ($_ -eq 2) { throw 'two' }; $_ } -After l
        }
        Invoke-Dag $d
        """, "two");

    [Fact]
    public void A_restart_runs_only_the_elements_that_had_not_completed() => Gives(
        "2",
        """
        $d = New-Dag d {
            Add-DagNode l { 1, 2 }
            Add-DagNode m -Map { if ($_ -eq 2 -and -not [IO.File]::Exists("$using:Folder/mended")) { throw 'two' }; [Tests.Ran]::Node($using:Folder, "$_"); $_ } -After l
        }
        $r = Invoke-Dag $d -ThrottleLimit 1 -ErrorAction SilentlyContinue
        [IO.File]::WriteAllText("$Folder/mended", ''); [Tests.Ran]::Clear($Folder)
        $null = Restart-DagRun $r.RunId -Dag $d; [Tests.Ran]::Sorted($Folder)
        """);
}
