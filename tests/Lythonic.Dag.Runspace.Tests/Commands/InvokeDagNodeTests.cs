using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

public sealed class InvokeDagNodeTests : ModuleTest
{
    private const string Two =
        "$d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { param([int]$x, [int]$y = 3) $x + $y } -OutputType ([string]) -After a }; ";

    [Fact]
    public void The_output_is_what_the_DAG_would_pass_on() =>
        Gives("7 String", Two + "$o = Invoke-DagNode $d b -Parameter @{ x = '4' }; \"$o $($o.GetType().Name)\"");

    [Fact]
    public void A_declared_array_of_one_stays_an_array() =>
        Gives("Int32[]", "(New-Dag d { Add-DagNode a { 5 } -OutputType ([int[]]) } | Invoke-DagNode -Name a).GetType().Name");

    [Fact]
    public void The_DAG_comes_from_the_pipeline_and_the_label_compares_without_case() =>
        Gives("5", Two + "$d | Invoke-DagNode -Name B -Parameter @{ x = 4; y = 1 }");

    [Theory]
    [InlineData("$d | Invoke-DagNode b")]
    [InlineData("Invoke-DagNode $d b")]
    [InlineData("Invoke-DagNode -Dag $d b")]
    [InlineData("Invoke-DagNode b -Dag $d")]
    [InlineData("Invoke-DagNode -Name b $d")]
    public void The_label_is_found_by_position_in_every_way_to_give_the_DAG(string call) =>
        Gives("7", Two + call + " -Parameter @{ x = 4 }");

    [Theory]
    [InlineData("$d | Invoke-DagNode")]
    [InlineData("Invoke-DagNode $d")]
    [InlineData("Invoke-DagNode b")]
    [InlineData("Invoke-DagNode")]
    public void The_DAG_and_the_label_are_mandatory(string call) => FailsWith("MissingMandatoryParameter", Two + call);

    [Fact]
    public void Nothing_is_kept() => Gives("False", Two + "$null = $d | Invoke-DagNode -Name a; [IO.File]::Exists($Database)");

    [Fact]
    public void No_other_node_runs() => Gives(
        "",
            "$d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a') }; Add-DagNode b { } -After a }; "
            + "$null = $d | Invoke-DagNode -Name b; [Tests.Ran]::Sorted($Folder)");

    [Fact]
    public void Constants_of_the_node_are_there() =>
        Gives("6", "New-Dag d { Add-DagNode a { param($x) $x } -Parameter @{ x = 6 } } | Invoke-DagNode -Name a");

    [Fact]
    public void Inline_runs_in_the_callers_session() =>
        Gives("5", "$local = 5; New-Dag d { Add-DagNode a { $local } } | Invoke-DagNode -Name a -Inline");

    [Fact]
    public void A_node_without_parameters_takes_its_value_as_the_pipeline_variable() =>
        Gives("4", "New-Dag d { Add-DagNode z { 1 }; Add-DagNode a { $_ + 1 } -After z } | Invoke-DagNode -Name a -Parameter @{ _ = 3 }");

    [Fact]
    public void A_method_runs() =>
        Gives("y", "New-Dag d { Add-DagNode a -Method ([IO.Path]::GetFileName) } | Invoke-DagNode -Name a -Parameter @{ path = '/x/y' }");

    [Fact]
    public void WhatIf_runs_nothing() => Gives("",
        "New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a') } } | Invoke-DagNode -Name a -WhatIf; "
        + "[Tests.Ran]::Sorted($Folder)");

    [Fact]
    public void A_node_that_is_not_there_is_an_error() => FailsWith("DagNodeNotFound", Two + "Invoke-DagNode $d zebra", "zebra");

    [Fact]
    public void A_parameter_that_is_not_there_is_an_error() =>
        FailsWith("DagSourceInputUnknown", Two + "Invoke-DagNode $d b -Parameter @{ zebra = 1 }", "-Parameter names 'zebra', but node 'b'");

    [Fact]
    public void A_mandatory_parameter_that_is_not_given_is_an_error() => FailsWith(
        "DagInputMissing", "New-Dag d { Add-DagNode a { param([Parameter(Mandatory)]$address) 1 } } | Invoke-DagNode -Name a", "address");

    [Fact]
    public void A_node_that_fails_is_an_error() =>
        FailsWith("DagNodeFailed", "New-Dag d { Add-DagNode a { throw 'no luck' } } | Invoke-DagNode -Name a", "no luck");
}
