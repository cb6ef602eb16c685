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
            Add-DagNode m -Map { $g = $using:gate; $g.SignalAndWait(300000) } -After l
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
        $null = Invoke-Dag $d; $n = [string[]]@(Get-DagRun -IncludeChild | Where-Object ParentRunId | ForEach-Object DagName);
            [array]::Sort($n); $n -join ','
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
        $s = New-Dag s { Add-DagNode i { param($n) $n, ($n + 1) }; Add-DagNode x -Map { $_ + 1 } -After i;
            Add-DagNode o { $_ -join ',' } -After x }
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
            Add-DagNode m -Map { if ($_ -eq 2 -and -not [IO.File]::Exists("$using:Folder/mended")) { throw 'two' };
                [Tests.Ran]::Node($using:Folder, "$_"); $_ } -After l
        }
        $r = Invoke-Dag $d -ThrottleLimit 1 -ErrorAction SilentlyContinue
        [IO.File]::WriteAllText("$Folder/mended", ''); [Tests.Ran]::Clear($Folder)
        $null = Restart-DagRun $r.RunId -Dag $d; [Tests.Ran]::Sorted($Folder)
        """);

    [Fact]
    public void Keys_of_a_dictionary_keep_their_type_and_order_in_the_run_and_in_the_database() => Gives(
        "10,5 Int32|10,5 Int32",
        """
        $null = New-Dag d { Add-DagNode a { $h = [ordered]@{}; $h.Add(10, 'a'); $h.Add(5, 'b'); $h };
            Add-DagNode m -Map { "$_!" } -After a } | Invoke-Dag -OutVariable r
        @(foreach ($o in $r[0].Outputs['m'], (Get-DagRun).Outputs['m']) {
            "$(@($o.Keys) -join ',') $(@($o.Keys)[0].GetType().Name)" }) -join '|'
        """);

    [Fact]
    public void A_generic_dictionary_is_a_dictionary() => Gives(
        "2 1 2",
        """
        $d = New-Dag d { Add-DagNode a { $h = [Collections.Generic.Dictionary[string,int]]::new(); $h['a'] = 1; $h['A'] = 2; , $h };
            Add-DagNode m -Map { $_ } -After a }
        $o = (Invoke-Dag $d).Outputs['m']; "$($o.Count) $($o['a']) $($o['A'])"
        """);

    [Fact]
    public void An_empty_dictionary_gives_an_empty_dictionary() => Outputs("OrderedDictionary 0", "{ @{} }", "{ $_ }");

    [Fact]
    public void Nothing_from_a_node_with_no_declared_type_is_an_empty_list() => Outputs("Object[] 0", "{ }", "{ $_ }");

    [Fact]
    public void A_text_is_no_list_of_letters() => Outputs("Object[] 1", "{ 'abc' }", "{ $_ }");

    [Fact]
    public void A_hashtable_that_was_one_of_a_list_is_an_element() =>
        Outputs("Object[] 1", "{ , @(@{ x = 1; y = 2 }) }", "{ param([hashtable]$h) $h.x }");

    [Theory]
    [InlineData("{ @{ apple = 1 } }", 1)]
    [InlineData("{ [ordered]@{ apple = 1; pear = 2 } }", 1)]
    [InlineData("{ [OutputType([hashtable])] param() @{ apple = 1 } }", 0)]
    [InlineData("{ [OutputType([hashtable[]])] param() @{ apple = 1 } }", 0)]
    [InlineData("{ @{ apple = 1 }, @{ apple = 2 } }", 0)]
    [InlineData("{ 1 }", 0)]
    public void A_map_over_the_keys_of_one_dictionary_that_may_have_been_a_row_is_warned_of(string node, int warnings) => Gives(
        $"{warnings}",
            $"$null = New-Dag d {{ Add-DagNode rows {node}; Add-DagNode each -Map {{ 1 }} -After rows }} | "
            + $"Invoke-Dag -WarningVariable said 3> $null; @($said -match 'rows.*array of dictionaries').Count");

    [Fact]
    public void A_map_over_what_another_map_gave_for_keys_is_not_warned_of() => Gives(
        "0",
            "$null = New-Dag d { Add-DagNode a { [OutputType([hashtable])] param() @{ x = 1 } }; Add-DagNode b -Map { $_ } -After a; "
            + "Add-DagNode c -Map { $_ } -After b } | Invoke-Dag -WarningVariable said 3> $null; @($said).Count");

    [Fact]
    public void Flatten_drops_what_an_element_did_not_emit() => Gives(
        "<1> <1> <3> <3>",
        "@((New-Dag d { Add-DagNode a { 1, 2, 3 }; Add-DagNode m -Map { if ($_ -ne 2) { $_, $_ } } -Flatten -After a } | "
        + "Invoke-Dag).Outputs['m'] | ForEach-Object { \"<$_>\" }) -join ' '");

    [Fact]
    public void An_object_fills_several_parameters_by_its_properties() => Gives(
        "3,7",
        "(New-Dag d { Add-DagNode a { [pscustomobject]@{ x = 1; y = 2 }, @{ x = 3; y = 4 } }; "
        + "Add-DagNode m -Map { param([int]$x, [int]$y) $x + $y } -After a } | Invoke-Dag).Outputs['m'] -join ','");

    [Fact]
    public void A_key_that_is_missing_leaves_the_default() => Gives(
        "1-9,2-5",
        "(New-Dag d { Add-DagNode a { @{ x = 1 }, @{ x = 2; y = 5 } }; Add-DagNode m -Map { param($x, $y = 9) \"$x-$y\" } -After a } | "
        + "Invoke-Dag).Outputs['m'] -join ','");

    [Fact]
    public void The_throttle_limit_of_the_node_bounds_its_elements() => Gives(
        "1,2,3,4",
        "$d = New-Dag d { Add-DagNode a { 1..4 }; Add-DagNode m -Map { [Tests.Ran]::Node($using:Folder, \"$_\") } "
        + "-ThrottleLimit 1 -After a }; $null = Invoke-Dag $d -ThrottleLimit 4; [Tests.Ran]::InOrder($Folder)");

    [Fact]
    public void A_declared_output_type_converts_the_whole_list() => Gives(
        "Int32[]",
        "(New-Dag d { Add-DagNode a { '1', '2' }; Add-DagNode m -Map { $_ } -OutputType ([int[]]) -After a } | "
        + "Invoke-Dag).Outputs['m'].GetType().Name");

    [Fact]
    public void Branches_of_a_map_over_a_dictionary_keep_its_keys() => Gives(
        "p=o1 q=e2",
        """
        $d = New-Dag d { Add-DagNode a { [ordered]@{ p = 1; q = 2 } };
            Add-DagNode m -Map @{ o = { "o$_" }; e = { "e$_" } } -By { ('e', 'o')[$_ % 2] } -After a }
        $o = (Invoke-Dag $d).Outputs['m']; @(foreach ($k in $o.Keys) { "$k=$($o[$k])" }) -join ' '
        """);

    private void Outputs(string expected, string list, string map) => Gives(
        expected,
            $"$o = (New-Dag d {{ Add-DagNode a {list}; Add-DagNode m -Map {map} -After a }} | Invoke-Dag).Outputs['m']; "
            + $"\"$($o.GetType().Name) $($o.Count)\"");

    [Theory]
    [InlineData("@{ Aa = 1 }", "1 1")]
    [InlineData("[ordered]@{ Aa = 1 }", "1 1")]
    [InlineData("$t = [Collections.Generic.Dictionary[string,int]]::new([StringComparer]::OrdinalIgnoreCase); $t['Aa'] = 1; $t", "1 1")]
    [InlineData("$t = [Collections.Generic.Dictionary[string,int]]::new(); $t['Aa'] = 1; $t['aa'] = 2; $t", "2 2")]
    [InlineData("$t = [Collections.Hashtable]::new([StringComparer]::Ordinal); $t['Aa'] = 1; $t['aa'] = 2; $t", "2 2")]
    public void The_keys_of_a_map_over_a_dictionary_compare_as_those_of_the_dictionary(string table, string expected) => Gives(
        $"{expected}\n{expected}\n{expected}",
        $$"""
        $d = New-Dag d { Add-DagNode s { {{table}} }; Add-DagNode m -Map { $_ } -After s }
        foreach ($r in ($d | Invoke-Dag), (Get-DagRun -First 1), ($d | Invoke-Dag -NoProvenance)) { $o = $r.Outputs['m'];
            "$($o['aa']) $($o.aa)" }
        """);
}
