using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

public sealed class NewDagTests : ModuleTest
{
    [Fact]
    public void A_DAG_has_the_name_that_it_was_given() => Gives(
        "nightly",
        "(New-Dag nightly).Name");

    [Fact]
    public void Nodes_added_in_the_definition_are_in_the_DAG() => Gives(
        "2",
        "(New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 2 } }).Nodes.Count");

    [Fact]
    public void The_definition_sees_the_variables_of_its_script() => Gives(
        "7",
        "$n = 7; (Invoke-Dag (New-Dag d { Add-DagNode a { $using:n } })).Outputs['a']");

    [Fact]
    public void Nothing_that_the_definition_emits_is_output() => Gives(
        "1",
        "@(New-Dag d { 'noise'; Add-DagNode a { 1 } }).Count");

    [Fact]
    public void A_description_is_kept() => Gives(
        "what it is for",
        "(New-Dag d -Description 'what it is for').Description");

    [Fact]
    public void A_variable_is_there_in_every_node() => Gives(
        "42",
        "(Invoke-Dag (New-Dag d { Add-DagNode a { $answer } } -Variable @{ answer = 42 })).Outputs['a']");

    [Fact]
    public void A_function_is_there_in_every_node() => Gives(
        "hello you",
        """
        function Get-Greeting($name) { "hello $name" }
        (Invoke-Dag (New-Dag d { Add-DagNode a { Get-Greeting you } } -Function Get-Greeting)).Outputs['a']
        """);

    [Fact]
    public void A_definition_that_fails_makes_no_DAG() => FailsWith(
        "DagNodeDuplicate",
        "New-Dag d { Add-DagNode a { 1 }; Add-DagNode A { 2 } }");

    [Fact]
    public void The_empty_DAG_runs_to_its_end() => Gives(
        "completed",
        "(Invoke-Dag (New-Dag d)).Status");

    [Fact]
    public void A_module_is_there_in_every_node()
    {
        var module = Session.Folder.Write("Greeting.psm1", "function Get-Hello { 'hello' }; Export-ModuleMember -Function Get-Hello");

        Gives("hello", $"(New-Dag d {{ Add-DagNode a {{ & (Get-Command Get-Hello) }} }} -Module '{module}' | Invoke-Dag).Outputs['a']");
    }

    [Fact]
    public void A_variable_is_there_in_a_sub_DAG_of_it() => Gives(
        "3,4",
            "(New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -Map { $_ + $offset } -After a } -Variable @{ offset = 2 } | "
            + "Invoke-Dag).Outputs['m'] -join ','");

    [Fact]
    public void A_function_that_is_not_there_is_an_error() =>
        FailsWith("DagInputMissing", "New-Dag d { Add-DagNode a { 1 } } -Function Get-Nowhere | Invoke-Dag", "Get-Nowhere");

    [Fact]
    public void A_DAG_is_made_in_steps_from_the_pipeline() => Gives(
        "3",
            "$d = New-Dag d; $d | Add-DagNode a { 1 } -PassThru | Add-DagNode b { $_ + 2 } -PassThru | Connect-DagNode a b; "
            + "(Invoke-Dag $d).Outputs['b']");

    [Fact]
    public void A_definition_inside_a_definition_has_its_own_DAG() => Gives(
        "1 2",
        "$d = New-Dag outer { $script:inner = New-Dag inner { Add-DagNode x { 1 } }; Add-DagNode a { 1 }; "
        + "Add-DagNode c -Call $script:inner -After a }; \"$($inner.Nodes.Count) $($d.Nodes.Count)\"");

    [Fact]
    public void Outside_of_a_definition_no_DAG_is_implied() =>
        FailsWith("DagInputMissing", "New-Dag d { Add-DagNode a { 1 } } | Out-Null; Add-DagNode b { 2 }");

    [Fact]
    public void The_definition_may_loop_and_take_parameters_of_its_function() => Gives(
        "a1,a2,a3",
            "function Build($n) { New-Dag d { foreach ($i in 1..$n) { Add-DagNode \"a$i\" { 1 } } } }; (Build 3).Nodes.Label -join ','");

    [Fact]
    public void The_name_is_wanted() => FailsWith("DagNameInvalid", "New-Dag ''");
}
