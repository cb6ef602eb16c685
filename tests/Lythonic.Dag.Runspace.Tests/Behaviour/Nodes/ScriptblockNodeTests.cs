using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class ScriptblockNodeTests : ModuleTest
{
    [Fact]
    public void Nothing_emitted_is_null() => Outputs("True", "Add-DagNode a { }", "$null -eq $o");

    [Fact]
    public void One_object_is_that_object() => Outputs("Int32", "Add-DagNode a { 5 }", "$o.GetType().Name");

    [Theory]
    [InlineData("{ 1..5 | ForEach-Object { if ($_ -eq 3) { break }; $_ } }", "1,2")]
    [InlineData("{ 1; 2; break; 3 }", "1,2")]
    [InlineData("{ param([int]$n = 4) $n; 5; continue; 6 }", "4,5")]
    [InlineData("{ foreach ($i in 1..5) { if ($i -eq 3) { break }; $i } }", "1,2")]
    [InlineData("{ foreach ($i in 1..3) { if ($i -eq 2) { continue }; $i } }", "1,3")]
    public void What_was_emitted_before_a_break_is_the_output(string block, string expected)
    {
        Outputs(expected, $"Add-DagNode a {block}", "$o -join ','");
        Outputs(expected, $"Add-DagNode a {block} -Inline", "$o -join ','");
    }

    [Fact]
    public void An_element_that_leaves_early_has_what_it_gave() =>
        Outputs("1,2,30",
            "Add-DagNode l { 1, 2, 3 } -OutputType ([int[]]); Add-DagNode a -After l -Map { if ($_ -lt 3) { $_; continue }; $_ * 10 }",
            "$o -join ','");

    [Fact]
    public void A_value_that_a_parameter_does_not_take_is_an_error_of_that_parameter()
    {
        var error = FailsWith("DagNodeFailed",
            "New-Dag d { Add-DagNode a { 'abc' }; Add-DagNode b -After a { param([int]$n) $n } } | Invoke-Dag", "'n'", "abc");

        Assert.DoesNotContain("CallPlain", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("switch (5) { 5 { } }; $_")]
    [InlineData("try { throw 'x' } catch { }; $_")]
    [InlineData("switch ($using:five) { 5 { } }; $_")]
    [InlineData("function Get-It { $_ }; try { throw $using:five } catch { }; Get-It")]
    public void The_value_is_there_again_after_a_statement_that_sets_it(string script) =>
        Outputs("1,2", $"$five = 5; Add-DagNode l {{ 1, 2 }}; Add-DagNode a -After l -Map {{ {script} }}", "$o -join ','");

    // Such a script cannot be called as a plain function.
    [Theory]
    [InlineData("switch ($args.Count) { 0 { } }; $_", "")]
    [InlineData("begin { $n = 1 } end { try { throw 'x' } catch { }; $_ }", "")]
    [InlineData("switch (5) { 5 { } }; $_; if ($_ -eq 0) { break }", "")]
    [InlineData("[CmdletBinding()] [OutputType([int])] param() switch (5) { 5 { } }; $_", "")]
    [InlineData("switch ($using:five) { 5 { } }; $null = [List[int]]::new(); $_", "-Inline")]
    public void The_value_is_there_again_in_a_script_that_is_called_as_a_command(string script, string inline)
    {
        var file = Session.Folder.File("nodes.ps1");
        File.WriteAllText(file, $$"""
            using namespace System.Collections.Generic
            $five = 5
            $dag = New-Dag d { Add-DagNode l { 1, 2 }; Add-DagNode a -After l {{inline}} -Map { {{script}} } }
            (Invoke-Dag $dag).Outputs['a'] -join ','
            """);

        Gives("1,2", $"& '{file}'");
    }

    [Fact]
    public void Several_objects_are_an_array() =>
        Outputs("Object[] 3", "Add-DagNode a { 5; 'x'; 2.5 }", "\"$($o.GetType().Name) $($o.Count)\"");

    [Theory]
    [InlineData("{ [OutputType([int[]])] param() }", "Int32[] 0")]
    [InlineData("{ [OutputType([int[]])] param() 5 }", "Int32[] 1")]
    [InlineData("{ [OutputType([int[]])] param() 5; 6 }", "Int32[] 2")]
    [InlineData("{ } -OutputType ([string[]])", "String[] 0")]
    [InlineData("{ 5 } -OutputType ([string[]])", "String[] 1")]
    [InlineData("{ 'x' } -OutputType ([object[]])", "Object[] 1")]
    [InlineData("{ } -OutputType ([object[]])", "Object[] 0")]
    [InlineData("{ '7' } -OutputType ([System.Collections.Generic.List[int]])", "List`1 1")]
    public void A_declared_list_stays_a_list(string node, string expected) =>
        Outputs(expected, $"Add-DagNode a {node}", "\"$($o.GetType().Name) $($o.Count)\"");

    [Fact]
    public void A_declared_array_of_one_is_an_array_downstream() =>
        Outputs("Int32[] 1",
            "Add-DagNode b { 5 } -OutputType ([int[]]); Add-DagNode a { \"$($_.GetType().Name) $($_.Count)\" } -After b", "$o");

    [Fact]
    public void A_declared_array_of_one_is_an_array_after_a_restart() => Gives(
        "Int32[] 1",
        """
        $d = New-Dag d { Add-DagNode a { 5 } -OutputType ([int[]]);
            Add-DagNode b { if ($DagContext.Attempt -eq 1) { throw 'no' }; "$($_.GetType().Name) $($_.Count)" } -After a }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue; (Restart-DagRun $r.RunId).Outputs['b']
        """);

    [Fact]
    public void The_parameter_wins_over_the_attribute() =>
        Outputs("String", "Add-DagNode a { [OutputType([int])] param() 5 } -OutputType ([string])", "$o.GetType().Name");

    [Fact]
    public void The_failure_of_an_output_that_does_not_convert_names_the_node_and_the_type()
    {
        var error = FailsWith(
            "DagNodeFailed", "New-Dag d { Add-DagNode words { 'many' } -OutputType ([int]) } | Invoke-Dag", "words", "Int32");

        Assert.Equal("words", error.TargetObject);
    }

    [Fact]
    public void Several_upstreams_are_an_array_in_edge_order_nothing_and_lists_included() => Outputs(
        "3|2,3||1",
        "Add-DagNode x { }; Add-DagNode y { 1 }; Add-DagNode z { 2, 3 }; Add-DagNode a { \"$($_.Count)|$($_[0] -join "
        + "',')|$($_[1])|$($_[2])\" } -After z, x, y",
        "$o");

    [Fact]
    public void The_pipeline_variable_of_a_source_with_no_input_is_null() => Outputs("True", "Add-DagNode a { $null -eq $_ }", "$o");

    [Fact]
    public void The_context_is_there_beside_a_param_block_and_in_inner_scopes() =>
        Outputs("a", "Add-DagNode a { param($x) & { $DagContext.NodeLabel } }", "$o");

    [Fact]
    public void Using_takes_the_value_when_the_node_is_added() => Gives(
        "1",
        "$x = 1; $d = New-Dag d { Add-DagNode a { $using:x } }; $x = 2; (Invoke-Dag $d).Outputs['a']");

    [Fact]
    public void Using_takes_the_value_when_the_node_is_added_for_an_inline_node_too() => Gives(
        "1",
        "$x = 1; $d = New-Dag d { Add-DagNode a { $using:x } -Inline }; $x = 2; (Invoke-Dag $d).Outputs['a']");

    [Theory]
    [InlineData("$using:h.k", "4")]
    [InlineData("$using:h['k']", "4")]
    [InlineData("& { & { $using:x } }", "9")]
    [InlineData("\"<$using:x>\"", "<9>")]
    public void Using_may_stand_in_an_expression(string body, string expected) => Gives(
        expected,
        $$"""$h = @{ k = 4 }; $x = 9; (New-Dag d { Add-DagNode a { {{body}} } } | Invoke-Dag).Outputs['a']""");

    [Fact]
    public void Using_is_there_inside_a_map() => Gives(
        "6,7",
        "$x = 5; (New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -Map { $_ + $using:x } -After a } | "
        + "Invoke-Dag).Outputs['m'] -join ','");

    [Fact]
    public void A_variable_of_using_that_is_not_there_is_an_error_when_the_node_is_added() =>
        FailsWith("DagInputMissing", "New-Dag d { Add-DagNode a { $using:nowhere } }", "nowhere");

    [Fact]
    public void Begin_process_and_end_blocks_run() =>
        Outputs("b,p,e", "Add-DagNode a { begin { 'b' } process { 'p' } end { 'e' } }", "$o -join ','");

    [Fact]
    public void Return_leaves_the_node_with_what_was_emitted() => Outputs("1,2", "Add-DagNode a { 1; return 2; 3 }", "$o -join ','");

    [Fact]
    public void Nodes_do_not_see_each_others_variables() =>
        Outputs("True", "Add-DagNode b { $x = 5; 1 }; Add-DagNode a { $null -eq $x } -After b", "$o", "-ThrottleLimit 1");

    [Fact]
    public void A_node_does_not_change_what_its_upstream_gave_in_the_database() => Gives(
        "1",
        """
        $r = New-Dag d { Add-DagNode a { @{ n = 1 } }; Add-DagNode b { $_['n'] = 2; 3 } -After a } | Invoke-Dag
        ((Get-DagRun $r.RunId).Nodes | Where-Object Label -eq a).Output['n']
        """);

    [Fact]
    public void A_node_runs_in_a_worker_runspace() => Gives(
        "False",
        "(New-Dag d { Add-DagNode a { [runspace]::DefaultRunspace.InstanceId } } | "
        + "Invoke-Dag).Outputs['a'] -eq [runspace]::DefaultRunspace.InstanceId");

    [Fact]
    public void A_function_of_the_caller_is_found_by_itself() => Gives(
        "f2",
        "function F($x) { \"f$x\" }; function G { F 2 }; (New-Dag d { Add-DagNode a { G } } | Invoke-Dag).Outputs['a']");

    [Fact]
    public void A_function_of_the_definition_is_found() => Gives(
        "local",
        "(New-Dag d { function Get-Local { 'local' }; Add-DagNode a { Get-Local } } | Invoke-Dag).Outputs['a']");

    [Fact]
    public void A_function_of_the_function_that_builds_the_DAG_is_found_with_those_that_it_calls() => Gives(
        "in3",
        """
        function Build { function Inner($x) { "in$x" }; function Outer { Inner 3 }; New-Dag d { Add-DagNode a { Outer } } }
        (Build | Invoke-Dag).Outputs['a']
        """);

    [Theory]
    [InlineData("$own = 4; ", "")]
    [InlineData("", "$own = 4; ")]
    public void A_node_that_makes_a_DAG_gives_its_nodes_what_is_its_own_or_its_callers(string inside, string outside) => Gives(
        "8",
        outside + $$"""
        $d = New-Dag outer {
            Add-DagNode a { {{inside}}(Invoke-Dag (New-Dag inner { Add-DagNode z { 2 * $using:own } }) -NoProvenance).Outputs['z'] }
        }
        (Invoke-Dag $d).Outputs['a']
        """);

    private void Outputs(string expected, string nodes, string question, string options = "") =>
        Gives(expected, $"$o = (New-Dag d {{ {nodes} }} | Invoke-Dag {options}).Outputs['a']; {question}");
}
