using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

/// <summary>A source with a parameter that has the name of another node: somebody may have forgotten <c>-After</c>.</summary>
public sealed class ForgottenEdgeTests : ModuleTest
{
    private const string Count = "Add-DagNode list { 1..3 }; Add-DagNode count { param($List) $List.Count }";

    [Fact]
    public void Test_Dag_asks_whether_the_edge_was_forgotten() => Gives(
        "Warning DagNodeDoubtful count|The parameter 'List' of the node 'count' has the name of the node 'list', but no edge comes from "
            + "that node, so only source input fills it.|Write -After list at the node 'count', or give the parameter another name.",
        $"New-Dag d {{ {Count} }} | Test-Dag | ForEach-Object {{ "
            + "\"$($_.Severity) $($_.ErrorId) $($_.Node)|$($_.Message)|$($_.RecommendedAction)\" }");

    [Theory]
    [InlineData("")]
    [InlineData("-WhatIf")]
    [InlineData("-NoProvenance")]
    public void A_run_warns_of_it(string how) => Assert.Contains(
        "The parameter 'List' of the node 'count'",
        Assert.Single(Session.Run($"$null = New-Dag d {{ {Count} }} | Invoke-Dag {how}").Warnings).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("-SourceInput @{ list = 1, 2 }")]
    [InlineData("-SourceInput @{ count = @{ List = 1, 2 } }")]
    [InlineData("-Override @{ count = { 1 } }")]
    [InlineData("-Target list")]
    public void A_run_that_gives_the_parameter_or_does_not_run_its_code_does_not_warn(string how) =>
        Assert.Empty(Session.Run($"$null = New-Dag d {{ {Count} }} | Invoke-Dag {how}").Sound().Warnings);

    [Theory]
    [InlineData("Add-DagNode list { 1..3 }; Add-DagNode count -After list { param($List) $List.Count }")]
    [InlineData("Add-DagNode list { 1 }; Add-DagNode most -After list { $_ }; Add-DagNode count -After most { param($List) $List }")]
    [InlineData("Add-DagNode list { 1..3 }; Add-DagNode count { param($List = 1) $List.Count }")]
    [InlineData("Add-DagNode list { 1..3 }; Add-DagNode count { param($List) $List.Count } -Parameter @{ List = 1 }")]
    [InlineData("Add-DagNode list { param($List) 1..3 }; Add-DagNode count { param($List) $List.Count }")]
    [InlineData("Add-DagNode list { param($List) 1..3 }")]
    [InlineData("Add-DagNode count { param($List) $List.Count }; Add-DagNode list -After count { 1..3 }")]
    [InlineData("Add-DagNode list { 1..3 }; Add-DagNode count { param($Path) $Path }")]
    public void An_edge_that_is_there_or_that_nobody_would_expect_is_not_asked_for(string nodes) =>
        Gives("", $"New-Dag d {{ {nodes} }} | Test-Dag | Where-Object ErrorId -EQ DagNodeDoubtful");
}
