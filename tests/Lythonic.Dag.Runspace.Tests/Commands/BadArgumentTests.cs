using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

/// <summary>Arguments that are empty or impossible.</summary>
public sealed class BadArgumentTests : ModuleTest
{
    [Theory]
    [InlineData("Get-DagRun $null")]
    [InlineData("Get-DagRun -DagName $null")]
    [InlineData("Get-DagRun -Tag $null")]
    [InlineData("Remove-DagRun $null")]
    [InlineData("Remove-DagRun -OlderThan -1")]
    [InlineData("New-Dag d { Add-DagNode a { 1 } -Timeout -1 }")]
    [InlineData("New-Dag d { Add-DagNode a { 1 } -Timeout 0 }")]
    [InlineData("New-Dag d { Add-DagNode a { 1 } -RetryDelay -1 }")]
    [InlineData("New-Dag d { Add-DagNode a { 1 } -If $null }")]
    [InlineData("1 | Invoke-DagMap { 1 } -RetryCount 1 -RetryOn $null")]
    public void What_cannot_be_meant_is_refused_where_it_is_bound(string script) => FailsWith("ParameterArgumentValidationError", script);

    [Theory]
    [InlineData("New-Dag d { Add-DagNode a { 1 } -Lock $null }")]
    [InlineData("New-Dag d { Add-DagNode a { 1 } -Lock @() }")]
    [InlineData("1 | Invoke-DagMap { 1 } -Lock $null")]
    public void A_lock_without_a_name_is_refused(string script) => FailsWith("DagNameInvalid", script, "-Lock");

    [Fact]
    public void Lists_that_are_null_are_empty() => Gives(
        "completed 0",
        "$run = New-Dag d -Function $null -Module $null { Add-DagNode a { 1 } -After $null } | Invoke-Dag -Tag $null; "
        + "\"$($run.Status) $(@($run.Tag).Count)\"");

    [Theory]
    [InlineData("Add-DagNode a { 1 } -Inline", "'a'")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode m -After a -Map (New-Dag e { Add-DagNode deep { $_ } -Inline })", "'deep'")]
    public void An_inline_node_is_refused_in_a_job_before_anything_runs(string nodes, string label)
    {
        FailsWith("DagInputMissing", $"New-Dag d {{ {nodes} }} | Invoke-Dag -AsJob", label);

        Gives("0", "@(Get-DagRun).Count");
    }

    [Theory]
    [InlineData("Add-DagNode b -After nowhere { 2 }", "DagNodeNotFound")]
    [InlineData("throw 'no'", "no")]
    [InlineData("$null = 1 / (1 - 1)", "RuntimeException")]
    public void An_error_in_a_definition_stands_at_its_own_line(string line, string errorId) =>
        Assert.Equal(3, FailsWith(errorId, $"New-Dag d {{\n    Add-DagNode a {{ 1 }}\n    {line}\n}}").InvocationInfo.ScriptLineNumber);

    [Fact]
    public void A_process_block_sees_the_whole_value_once() => Gives(
        "b,1 2 3,e",
        "(New-Dag d { Add-DagNode a { 1..3 }; Add-DagNode b -After a { begin { 'b' } process { \"$_\" } end { 'e' } } } | "
        + "Invoke-Dag).Outputs['b'] -join ','");
}
