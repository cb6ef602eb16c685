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
}
