using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

public sealed class InvokeDagTests : ModuleTest
{
    [Theory]
    [InlineData("$d | Invoke-Dag @{ x = 1 }")]
    [InlineData("$d | Invoke-Dag -SourceInput @{ x = 1 }")]
    [InlineData("$d | Invoke-Dag -Inputs @{ x = 1 }")]
    [InlineData("Invoke-Dag $d @{ x = 1 }")]
    [InlineData("Invoke-Dag $d ([ordered]@{ x = 1 })")]
    [InlineData("Invoke-Dag -Dag $d @{ x = 1 }")]
    [InlineData("Invoke-Dag @{ x = 1 } -Dag $d")]
    public void Source_input_is_found_by_position_in_every_way_to_give_the_DAG(string call) => Gives(
        "2", $"$d = New-Dag d {{ Add-DagNode a {{ param([int]$x) $x + 1 }} }}; ({call}).Outputs['a']");

    [Fact]
    public void A_run_that_reached_its_end_is_completed() => Gives(
        "completed",
        "(New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag).Status");

    [Fact]
    public void The_outputs_are_those_of_the_sinks() => Gives(
        "b,c",
        """
        ((New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 2 } -After a; Add-DagNode c { 3 } -After a } |
            Invoke-Dag).Outputs.Keys) -join ','
        """);

    [Fact]
    public void A_run_has_the_name_of_its_DAG() => Gives(
        "nightly",
        "(New-Dag nightly { Add-DagNode a { 1 } } | Invoke-Dag).DagName");

    [Fact]
    public void A_run_says_which_database_holds_it() => Gives(
        "True",
        "(New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag).DatabasePath -eq $Database");

    [Fact]
    public void The_times_of_a_run_are_UTC() => Gives(
        "True",
        """
        $r = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag; $r.StartedAt -is [DateTimeOffset] -and $r.StartedAt.Offset -eq [timespan]::Zero
        """);

    [Fact]
    public void A_node_run_has_its_label_kind_status_and_attempt() => Gives(
        "a completed 1",
        "$n = (New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag).Nodes[0]; \"$($n.Label) $($n.Status) $($n.Attempt)\"");

    [Fact]
    public void A_node_run_has_its_input() => Gives(
        "5",
        "(New-Dag d { Add-DagNode a { param($x) $x } } | Invoke-Dag -SourceInput @{ x = 5 }).Nodes[0].Input['x']");

    [Fact]
    public void A_declared_list_has_all_objects_however_many_the_code_gave_when_it_was_called_before() => Gives(
        "2,3000,1,1500,0",
        """
        $r = New-Dag d {
            Add-DagNode sizes { 2, 3000, 1, 1500, 0 } -OutputType ([int[]])
            Add-DagNode each -After sizes -Map (New-Dag e {
                Add-DagNode list { param([int]$n) if ($n) { 1..$n } } -OutputType ([int[]])
                Add-DagNode count -After list { param([int[]]$all) @($all | Where-Object { $_ -is [int] }).Count }
            })
        } | Invoke-Dag -ThrottleLimit 1
        $r.Outputs['each'] -join ','
        """);

    [Fact]
    public void A_node_run_has_its_output() => Gives(
        "6",
        "(New-Dag d { Add-DagNode a { 6 } } | Invoke-Dag).Nodes[0].Output");

    [Fact]
    public void Independent_nodes_run_at_the_same_time() => Gives(
        "True True",
        """
        $gate = [Threading.Barrier]::new(2)
        $d = New-Dag d { Add-DagNode a { $g = $using:gate; $g.SignalAndWait(300000) };
            Add-DagNode b { $g = $using:gate; $g.SignalAndWait(300000) } }
        $r = Invoke-Dag $d -ThrottleLimit 2; "$($r.Outputs['a']) $($r.Outputs['b'])"
        """);

    [Fact]
    public void A_throttle_limit_of_one_runs_nodes_in_the_order_in_which_they_were_added() => Gives(
        "c,a,b",
        """
        $d = New-Dag d { Add-DagNode c { [Tests.Ran]::Node($using:Folder, 'c') }; Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a') };
            Add-DagNode b { [Tests.Ran]::Node($using:Folder, 'b') } }
        $null = Invoke-Dag $d -ThrottleLimit 1; [Tests.Ran]::InOrder($Folder)
        """);

    [Fact]
    public void Source_input_goes_by_parameter_name() => Gives(
        "5",
        "(New-Dag d { Add-DagNode a { param($x) $x } } | Invoke-Dag -SourceInput @{ x = 5 }).Outputs['a']");

    [Fact]
    public void Source_input_goes_by_label() => Gives(
        "5",
        "(New-Dag d { Add-DagNode a { param($x) $x } } | Invoke-Dag -SourceInput @{ a = @{ x = 5 } }).Outputs['a']");

    [Fact]
    public void Inputs_is_another_name_of_SourceInput() => Gives(
        "5",
        "(New-Dag d { Add-DagNode a { param($x) $x } } | Invoke-Dag -Inputs @{ x = 5 }).Outputs['a']");

    [Fact]
    public void A_source_with_no_parameters_gets_its_value_by_label() => Gives(
        "6",
        "(New-Dag d { Add-DagNode a { $_ + 1 } } | Invoke-Dag -SourceInput @{ a = 5 }).Outputs['a']");

    [Fact]
    public void A_key_that_matches_nothing_is_an_error() => FailsWith(
        "DagSourceInputUnknown",
        "New-Dag d { Add-DagNode a { param($x) $x } } | Invoke-Dag -SourceInput @{ zebra = 5 }", "zebra");

    [Fact]
    public void Source_input_converts_as_PowerShell_converts_it() => Gives(
        "Int32",
        """
        (New-Dag d { Add-DagNode a { param([int]$x) $x.GetType().Name } } | Invoke-Dag -SourceInput @{ x = '5' }).Outputs['a']
        """);

    [Fact]
    public void Source_input_wins_over_Parameter() => Gives(
        "2",
        """
        (New-Dag d { Add-DagNode a { param($x) $x } -Parameter @{ x = 1 } } | Invoke-Dag -SourceInput @{ x = 2 }).Outputs['a']
        """);

    [Fact]
    public void Source_input_by_label_fills_a_parameter_of_a_node_that_has_upstreams() => Gives(
        "1-9",
        """
        (New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { param($x, $y) "$x-$y" } -After a } |
            Invoke-Dag -SourceInput @{ b = @{ y = 9 } }).Outputs['b']
        """);

    [Fact]
    public void A_failed_node_is_one_error() => FailsWith(
        "DagNodeFailed",
        "New-Dag d { Add-DagNode a { throw 'no' } } | Invoke-Dag", "no");

    [Fact]
    public void A_failed_run_is_written_to_the_output() => Gives(
        "failed a",
        """
        $r = New-Dag d { Add-DagNode a { throw 'no' } } | Invoke-Dag -ErrorAction SilentlyContinue; "$($r.Status) $($r.FailedNode)"
        """);

    [Fact]
    public void ErrorAction_Stop_makes_a_failure_terminating() => Gives(
        "caught",
        "try { $null = New-Dag d { Add-DagNode a { throw 'no' } } | Invoke-Dag -ErrorAction Stop; 'passed' } catch { 'caught' }");

    [Fact]
    public void No_new_node_starts_after_a_failure() => Gives(
        "a",
        """
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); throw 'no' };
            Add-DagNode b { [Tests.Ran]::Node($using:Folder, 'b') } }
        $null = Invoke-Dag $d -ThrottleLimit 1 -ErrorAction SilentlyContinue; [Tests.Ran]::Sorted($Folder)
        """);

    [Fact]
    public void Nodes_downstream_of_a_failure_are_upstream_failed_with_ContinueOnFailure() => Gives(
        "upstream_failed",
        """
        $d = New-Dag d { Add-DagNode a { throw 'no' }; Add-DagNode b { 1 } -After a }
        $r = Invoke-Dag $d -ContinueOnFailure -ErrorAction SilentlyContinue; ($r.Nodes | Where-Object Label -eq b).Status
        """);

    [Fact]
    public void Nodes_that_are_not_downstream_of_a_failure_still_run_with_ContinueOnFailure() => Gives(
        "a,c",
        """
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); throw 'no' };
            Add-DagNode b { [Tests.Ran]::Node($using:Folder, 'b') } -After a; Add-DagNode c { [Tests.Ran]::Node($using:Folder, 'c') } }
        $null = Invoke-Dag $d -ThrottleLimit 1 -ContinueOnFailure -ErrorAction SilentlyContinue; [Tests.Ran]::Sorted($Folder)
        """);

    [Fact]
    public void An_output_that_does_not_convert_fails_the_node() => FailsWith(
        "DagNodeFailed",
        "New-Dag d { Add-DagNode a { 'many' } -OutputType int } | Invoke-Dag", "a");

    [Fact]
    public void A_cycle_is_found_before_anything_runs() => FailsWith(
        "DagCycle",
        """
        $d = New-Dag d { Add-DagNode s { 1 }; Add-DagNode a { 1 } -After s; Add-DagNode b { 1 } -After a; Connect-DagNode b a };
            Invoke-Dag $d
        """);

    [Fact]
    public void Bad_input_leaves_no_run() => Gives(
        "0",
        """
        try { New-Dag d { Add-DagNode a { param($x) $x } } | Invoke-Dag -SourceInput @{ zebra = 5 } -ErrorAction Stop } catch { }
        @(Get-DagRun).Count
        """);

    [Fact]
    public void NoProvenance_keeps_nothing() => Gives(
        "False",
        "$null = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag -NoProvenance; [IO.File]::Exists($Database)");

    [Fact]
    public void Tags_are_on_the_run() => Gives(
        "x y",
        "$null = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag -Tag x, y; (Get-DagRun).Tag -join ' '");

    [Fact]
    public void WhatIf_runs_nothing() => Gives(
        "",
        """
        New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a') } } | Invoke-Dag -WhatIf; [Tests.Ran]::Sorted($Folder)
        """);

    [Fact]
    public void WhatIf_leaves_no_run() => Gives(
        "0",
        "New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag -WhatIf; @(Get-DagRun).Count");

    [Fact]
    public void DatabasePath_says_where_the_run_is_kept() => Gives(
        "True",
        """
        $null = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath "$Folder/other.db"; [IO.File]::Exists("$Folder/other.db")
        """);
}
