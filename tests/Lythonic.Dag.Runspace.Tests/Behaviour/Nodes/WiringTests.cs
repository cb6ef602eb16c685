using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class WiringTests : ModuleTest
{
    [Fact]
    public void An_output_goes_to_the_parameter_of_its_type() => Gives(
        "2024 x",
        """
        $d = New-Dag d {
            Add-DagNode v { '2024.1' } -OutputType version
            Add-DagNode s { 'x' } -OutputType string
            Add-DagNode c { param([string]$text, [version]$v) "$($v.Major) $text" } -After v, s
        }
        (Invoke-Dag $d).Outputs['c']
        """);

    [Fact]
    public void An_output_goes_to_a_parameter_that_it_is_assignable_to() => Gives(
        "True",
        """
        $d = New-Dag d {
            Add-DagNode e { [ArgumentException]::new('a') } -OutputType ArgumentException
            Add-DagNode c { param([Exception]$problem) $problem -is [Exception] } -After e
        }
        (Invoke-Dag $d).Outputs['c']
        """);

    [Fact]
    public void A_list_parameter_collects_every_upstream_of_its_type_in_edge_order() => Gives(
        "2,1",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 } -OutputType int
            Add-DagNode b { 2 } -OutputType int
            Add-DagNode c { param([int[]]$all) $all -join ',' } -After b, a
        }
        (Invoke-Dag $d).Outputs['c']
        """);

    [Fact]
    public void One_upstream_becomes_a_list_of_one() => Gives(
        "1",
        """
        $d = New-Dag d {
            Add-DagNode a { 7 } -OutputType int
            Add-DagNode c { param([Collections.Generic.List[int]]$all) $all.Count } -After a
        }
        (Invoke-Dag $d).Outputs['c']
        """);

    [Fact]
    public void A_direct_match_of_the_list_type_wins_over_fan_in() => Gives(
        "1,2",
        """
        $d = New-Dag d {
            Add-DagNode whole { 1, 2 } -OutputType int[]
            Add-DagNode one { 3 } -OutputType int
            Add-DagNode c { param([int[]]$all) $all -join ',' } -After whole, one
        }
        (Invoke-Dag $d).Outputs['c']
        """);

    [Fact]
    public void An_undeclared_parameter_takes_the_upstream_of_its_name() => Gives(
        "1-2",
        """
        $d = New-Dag d {
            Add-DagNode left { 1 }
            Add-DagNode right { 2 }
            Add-DagNode c { param($left, $right) "$left-$right" } -After right, left
        }
        (Invoke-Dag $d).Outputs['c']
        """);

    [Fact]
    public void What_is_left_pairs_in_edge_order() => Gives(
        "2-1",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode b { 2 }
            Add-DagNode c { param($x, $y) "$x-$y" } -After b, a
        }
        (Invoke-Dag $d).Outputs['c']
        """);

    [Fact]
    public void One_left_on_each_side_always_pairs() => Gives(
        "5",
        """
        $d = New-Dag d {
            Add-DagNode a { '5' }
            Add-DagNode c { param([int]$n) $n } -After a
        }
        (Invoke-Dag $d).Outputs['c']
        """);

    [Fact]
    public void Two_candidates_for_one_parameter_name_the_node_the_parameter_and_the_candidates() => FailsWith(
        "DagInputAmbiguous",
        """
        $d = New-Dag d {
            Add-DagNode north { 1 } -OutputType int
            Add-DagNode south { 2 } -OutputType int
            Add-DagNode sum { param([int]$number) $number } -After north, south
        }
        Invoke-Dag $d
        """, "sum", "number", "north", "south");

    [Fact]
    public void A_mandatory_parameter_with_no_candidate_names_the_node_and_the_parameter() => FailsWith(
        "DagInputMissing",
        """
        $d = New-Dag d {
            Add-DagNode a { param([Parameter(Mandatory)]$address) $address }
        }
        Invoke-Dag $d
        """, "a", "address");

    [Fact]
    public void A_wiring_problem_is_found_before_anything_runs() => Gives(
        "",
        """
        $d = New-Dag d {
            Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a') } -OutputType int
            Add-DagNode b { 2 } -OutputType int
            Add-DagNode c { param([int]$n) $n } -After a, b
        }
        try { Invoke-Dag $d -ErrorAction Stop } catch { }; [Tests.Ran]::Sorted($Folder)
        """);

    [Fact]
    public void An_edge_that_feeds_nothing_only_orders() => Gives(
        "a,b",
        """
        $d = New-Dag d {
            Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 } -OutputType int
            Add-DagNode b { param() [Tests.Ran]::Node($using:Folder, 'b') } -After a
        }
        $null = Invoke-Dag $d; [Tests.Ran]::InOrder($Folder)
        """);

    [Fact]
    public void With_no_parameters_one_upstream_is_the_pipeline_variable() => Gives(
        "2",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode b { $_ + 1 } -After a
        }
        (Invoke-Dag $d).Outputs['b']
        """);

    [Fact]
    public void With_no_parameters_several_upstreams_are_an_array_in_edge_order() => Gives(
        "2,1",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode b { 2 }
            Add-DagNode c { $_ -join ',' } -After b, a
        }
        (Invoke-Dag $d).Outputs['c']
        """);

    [Fact]
    public void Optional_parameters_keep_their_defaults() => Gives(
        "9",
        """
        $d = New-Dag d {
            Add-DagNode a { param($x = 9) $x }
        }
        (Invoke-Dag $d).Outputs['a']
        """);

    [Fact]
    public void A_constant_is_not_overwritten_by_an_upstream() => Gives(
        "8-1",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode c { param($x, $y) "$x-$y" } -After a -Parameter @{ x = 8 }
        }
        (Invoke-Dag $d).Outputs['c']
        """);

    [Fact]
    public void An_explicit_edge_wins_over_a_constant() => Outputs(
        "1", "Add-DagNode a { 1 }; Add-DagNode c { param($x) $x } -Parameter @{ x = 9 }; Connect-DagNode a c -Parameter x");

    [Fact]
    public void An_explicit_edge_takes_its_upstream_out_of_the_pairing() => Outputs(
        "2-1",
            "Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c { param($x, $y) \"$x-$y\" } -After a, b; "
            + "Connect-DagNode b c -Parameter x");

    [Fact]
    public void A_constant_wins_over_the_type() => Outputs(
        "9-1",
            "Add-DagNode a { 1 } -OutputType ([int]); Add-DagNode c { param([int]$x, [int]$y) \"$x-$y\" } -Parameter @{ x = 9 } -After a");

    [Fact]
    public void The_very_type_wins_over_one_that_is_assignable() => Outputs(
        "base",
        "Add-DagNode a { [ArgumentException]::new('derived') } -OutputType ([ArgumentException]); "
        + "Add-DagNode b { [Exception]::new('base') } -OutputType ([Exception]); Add-DagNode c { param([Exception]$x) $x.Message } "
        + "-After a, b");

    [Fact]
    public void Two_that_are_assignable_are_ambiguous() => FailsWith(
        "DagInputAmbiguous",
        "New-Dag d { Add-DagNode a { 1 } -OutputType ([ArgumentException]); Add-DagNode b { 1 } -OutputType ([InvalidOperationException]); "
        + "Add-DagNode c { param([Exception]$x) 1 } -After a, b } | Invoke-Dag",
        "c", "x", "'a'", "'b'");

    [Theory]
    [InlineData("[int[]]")]
    [InlineData("[System.Collections.Generic.List[int]]")]
    [InlineData("[System.Collections.Generic.IReadOnlyList[int]]")]
    [InlineData("[System.Collections.Generic.IEnumerable[int]]")]
    public void Each_kind_of_list_parameter_collects(string type) => Outputs(
        "3 1 2",
            $"Add-DagNode a {{ 1 }} -OutputType ([int]); Add-DagNode b {{ 2 }} -OutputType ([int]); "
            + $"Add-DagNode e {{ 3 }} -OutputType ([int]); Add-DagNode c {{ param({type}$x) \"$x\" }} -After e, a, b");

    [Theory]
    [InlineData("[Collections.Generic.IReadOnlyList[int]]")]
    [InlineData("[Collections.Generic.IReadOnlyCollection[int]]")]
    [InlineData("[Collections.Generic.IEnumerable[int]]")]
    [InlineData("[Collections.Generic.IList[int]]")]
    [InlineData("[Collections.Generic.ICollection[int]]")]
    [InlineData("[Collections.Generic.ISet[int]]")]
    [InlineData("[Collections.Generic.IEnumerable[object]]")]
    public void Each_kind_of_list_parameter_takes_an_undeclared_list_and_a_single_value(string type) => Outputs(
        "1 2, 3, 4 5, 6 7",
        $"Add-DagNode a {{ 1, '2' }}; Add-DagNode b {{ 3 }}; Add-DagNode e {{ , [long[]](4, 5) }}; Add-DagNode rows {{ , @(, (6, 7)) }}; "
        + $"Add-DagNode x {{ param({type}$x) \"$x\" }} -After a; Add-DagNode y {{ param({type}$x) \"$x\" }} -After b; "
        + $"Add-DagNode z {{ [CmdletBinding()]param({type}$x) \"$x\" }} -After e; "
        + $"Add-DagNode m -Map {{ param({type}$x) \"$x\" }} -After rows; "
        + "Add-DagNode c { \"$($_[0]), $($_[1]), $($_[2]), $($_[3])\" } -After x, y, z, m");

    [Theory]
    [InlineData("[Collections.Generic.Dictionary[string, int]]")]
    [InlineData("[Collections.Generic.IDictionary[string, int]]")]
    [InlineData("[Collections.Generic.IReadOnlyDictionary[string, int]]")]
    public void A_typed_dictionary_parameter_takes_a_hashtable(string type) => Outputs(
        "True 1 3",
        $"Add-DagNode a {{ @{{ k = '1' }} }}; "
        + $"Add-DagNode c {{ param({type}$x) \"$($x -is {type}) $($x['k']) $($x['k'] + 2)\" }} -After a");

    [Fact]
    public void A_list_that_cannot_be_what_the_parameter_declares_fails_the_node_with_the_words_of_PowerShell() => FailsWith(
        "DagNodeFailed",
        "New-Dag d { Add-DagNode a { 'x', 'y' }; Add-DagNode c { param([Collections.Generic.IReadOnlyList[int]]$x) 1 } -After a } | "
        + "Invoke-Dag",
        "parameter 'x'", "IReadOnlyList");

    [Fact]
    public void A_list_and_a_scalar_parameter_are_filled_side_by_side() => Outputs(
        "s 1 2",
        "Add-DagNode a { 1 } -OutputType ([int]); Add-DagNode b { 's' } -OutputType ([string]); Add-DagNode e { 2 } -OutputType ([int]); "
        + "Add-DagNode c { param([string]$s, [int[]]$x) \"$s $x\" } -After a, b, e");

    [Fact]
    public void The_order_of_fan_in_is_the_order_of_the_edges_however_they_were_made() => Outputs(
        "3 1 2",
        "Add-DagNode a { 1 } -OutputType ([int]); Add-DagNode b { 2 } -OutputType ([int]); Add-DagNode e { 3 } -OutputType ([int]); "
        + "Add-DagNode c { param([int[]]$x) \"$x\" }; Connect-DagNode e, a c; Connect-DagNode b c");

    [Fact]
    public void Names_compare_without_case() => Outputs(
        "2-1",
            "Add-DagNode left { 1 }; Add-DagNode right { 2 }; Add-DagNode c { param($RIGHT, $Left) \"$RIGHT-$Left\" } -After left, right");

    [Fact]
    public void A_declared_output_goes_by_name_to_an_undeclared_parameter() => Outputs(
        "2-1",
            "Add-DagNode left { 1 } -OutputType ([int]); Add-DagNode right { 2 } -OutputType ([int]); "
            + "Add-DagNode c { param($right, $left) \"$right-$left\" } -After left, right");

    [Fact]
    public void One_left_on_each_side_pairs_though_the_output_is_declared() =>
        Outputs("6", "Add-DagNode a { 5 } -OutputType ([int]); Add-DagNode c { param($x) $x + 1 } -After a");

    [Fact]
    public void A_pair_of_declared_types_converts() =>
        Outputs("6", "Add-DagNode a { '5' } -OutputType ([string]); Add-DagNode c { param([int]$x) $x + 1 } -After a");

    [Fact]
    public void A_switch_parameter_is_not_filled_by_chance() =>
        Outputs("False 1", "Add-DagNode a { 1 }; Add-DagNode c { param([switch]$s, $x) \"$s $x\" } -After a");

    [Fact]
    public void A_missing_input_names_the_candidates() => FailsWith(
        "DagInputMissing",
        "New-Dag d { Add-DagNode number { 1 } -OutputType ([int]); Add-DagNode c { param([Parameter(Mandatory)][int]$n, "
        + "[Parameter(Mandatory)][datetime]$when) 1 } -After number } | Invoke-Dag",
        "'c'", "when", "number");

    [Fact]
    public void A_wiring_problem_leaves_no_run() => Gives(
        "False",
        "try { New-Dag d { Add-DagNode a { param([Parameter(Mandatory)]$x) $x } } | Invoke-Dag } catch { }; [IO.File]::Exists($Database)");

    [Fact]
    public void One_upstream_named_twice_is_one_edge() => Gives(
        "1 1",
        "$d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { \"$_\" } -After a, A }; "
        + "\"$($d.Edges.Count) $((Invoke-Dag $d).Outputs['b'])\"");

    private void Outputs(string expected, string nodes) =>
        Gives(expected, $"(New-Dag d {{ {nodes} }} | Invoke-Dag).Outputs['c']");
}
