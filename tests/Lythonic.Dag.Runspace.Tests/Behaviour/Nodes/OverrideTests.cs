using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class OverrideTests : ModuleTest
{
    [Theory]
    [InlineData("$d | Invoke-Dag -Override $o")]
    [InlineData("$d | Invoke-Dag -Override $o -Inline")]
    [InlineData("$d | Invoke-Dag -Override $o -NoReuse")]
    [InlineData("$d | Invoke-Dag | Invoke-DagReplay -Node x -Override $o")]
    public void A_map_with_reuse_can_be_overridden(string script) => Gives(
        "completed ov 1 2",
        $$"""
        $d = New-Dag d { Add-DagNode s { 1, 2 }; Add-DagNode x -After s -Reuse -Map { $_ } }
        $o = @{ x = { "ov $_" } }
        $d | Invoke-Dag -Override $o -WhatIf
        $run = {{script}}
        "$($run.Status) $($run.Outputs['x'])"
        """);

    [Fact]
    public void An_override_replaces_what_a_node_runs() => Gives(
        "20",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode b { param($x) $x * 10 } -After a
        }
        (Invoke-Dag $d -Override @{ a = { 2 } }).Outputs['b']
        """);

    [Fact]
    public void The_next_run_has_the_node_as_it_was() => Gives(
        "1",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
        }
        $null = Invoke-Dag $d -Override @{ a = { 2 } }; (Invoke-Dag $d).Outputs['a']
        """);

    [Fact]
    public void The_wiring_does_not_change() => Gives(
        "y",
        """
        $d = New-Dag d {
            Add-DagNode a { 'y' } -OutputType string
            Add-DagNode b { param([string]$text) 'real' } -After a
        }
        (Invoke-Dag $d -Override @{ b = { param([string]$text) $text } }).Outputs['b']
        """);

    [Fact]
    public void A_label_of_an_override_compares_without_case() => Gives(
        "2",
        """
        $d = New-Dag d {
            Add-DagNode fetch { 1 }
        }
        (Invoke-Dag $d -Override @{ FETCH = { 2 } }).Outputs['fetch']
        """);

    [Fact]
    public void A_label_that_is_not_there_is_an_error() => FailsWith(
        "DagNodeNotFound",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
        }
        Invoke-Dag $d -Override @{ nowhere = { 2 } }
        """, "nowhere");

    [Theory]
    [InlineData("[IO.Path].GetMethod('GetFileName', [type[]]@([string]))")]
    [InlineData("[IO.Path]::GetFileName")]
    [InlineData("'System.IO.Path::GetFileName'")]
    public void A_method_overrides(string method) => Gives(
        "y",
            $"(New-Dag d {{ Add-DagNode a {{ param($path) 'real' }} -Parameter @{{ path = '/x/y' }} }} | "
            + $"Invoke-Dag -Override @{{ a = ({method}) }}).Outputs['a']");

    [Fact]
    public void An_override_sees_the_upstream_as_the_pipeline_variable() => Gives(
        "300",
            "(New-Dag d { Add-DagNode a { 3 }; Add-DagNode b { $_ * 2 } -After a } | Invoke-Dag -Override @{ b = { $_ * 100 } "
            + "}).Outputs['b']");

    [Fact]
    public void An_override_need_not_take_what_the_node_takes() => Gives(
        "canned",
            "(New-Dag d { Add-DagNode a { param([Parameter(Mandatory)]$x) $x } } | Invoke-Dag -SourceInput @{ x = 1 } "
            + "-Override @{ a = { 'canned' } }).Outputs['a']");

    [Fact]
    public void The_declared_type_stays() => Gives(
        "Int32",
            "(New-Dag d { Add-DagNode a { 1 } -OutputType ([int]) } | Invoke-Dag -Override @{ a = { '42' } }).Outputs['a'].GetType().Name");

    [Theory]
    [InlineData("{ \"canned $($_.Count)\" }")]
    [InlineData("{ param($list) \"canned $($list.Count)\" }")]
    public void A_composite_node_is_overridden_as_a_whole(string code) => Gives(
        "canned 2",
            $"(New-Dag d {{ Add-DagNode a {{ 1, 2 }}; Add-DagNode m -Map {{ throw 'real' }} -After a }} | "
            + $"Invoke-Dag -Override @{{ m = {code} }}).Outputs['m']");

    [Fact]
    public void An_override_takes_using_and_the_context() => Gives(
        "7a",
            "$q = 7; (New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag -Override @{ a = { \"$using:q$($DagContext.NodeLabel)\" } "
            + "}).Outputs['a']");

    [Fact]
    public void What_is_neither_code_nor_method_is_an_error() =>
        FailsWith("DagMethodAmbiguous", "New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag -Override @{ a = 5 }");

    [Fact]
    public void A_restart_takes_overrides() => Gives(
        "ok",
            "$r = New-Dag d { Add-DagNode a { throw 'no' } } | Invoke-Dag -ErrorAction SilentlyContinue; "
            + "(Restart-DagRun $r.RunId -Override @{ a = { 'ok' } }).Outputs['a']");
}
