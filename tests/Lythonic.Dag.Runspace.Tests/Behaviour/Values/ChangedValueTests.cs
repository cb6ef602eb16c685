using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class ChangedValueTests : ModuleTest
{
    [Theory]
    [InlineData("A hashtable", "@{ n = 0 }")]
    [InlineData("An object", "[pscustomobject]@{ n = 0 }")]
    [InlineData("An object of a script class", "class Box { [int]$n }; [Box]::new()")]
    public void The_input_of_a_node_is_what_it_got_after_another_one_changed_the_value(string what, string value) => Gives(
        $"{what}: 7 7",
        $$"""
        $d = New-Dag d {
            Add-DagNode a { {{value}} }
            Add-DagNode b { param($a) $a.n = 7 } -After a
            Add-DagNode c { param($a, $b) $a.n } -After a, b
        }
        $run = Invoke-Dag $d -WarningAction SilentlyContinue
        $input = ((Get-DagRun $run.RunId).Nodes | Where-Object Label -eq c).Input
        "{{what}}: $($run.Outputs['c']) $($input.a.n)"
        """);

    [Fact]
    public void A_change_is_a_warning_of_the_node_that_takes_the_value_then() => Gives(
        "The output of node 'a' was changed after it was stored: the input of node 'c' is recorded as it gets it, "
        + "and a restart or a replay gives what was stored. "
        + "A node that changes what it is given should change a copy of it.",
        """
        $d = New-Dag d {
            Add-DagNode a { , [Collections.ArrayList](1, 2) }
            Add-DagNode b { param($a) $a[0] = 7 } -After a
            Add-DagNode c { param($a, $b) $a[0] } -After a, b
        }
        $run = Invoke-Dag $d -WarningAction SilentlyContinue
        (((Get-DagRun $run.RunId).Nodes | Where-Object Label -eq c).Messages).Text
        """);

    [Theory]
    [InlineData("[pscustomobject]@{ n = 1 }", "1")]
    [InlineData("[pscustomobject]@{ PSTypeName = 'My.Row'; n = 1 }", "1 My.Row")]
    [InlineData(
        "[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize([Uri]'http://x/1'))", "")]
    public void A_selection_of_an_object_is_no_change_of_it(string value, string expected) => Gives(
        $"completed 0 {expected}",
        $$"""
        $d = New-Dag d {
            Add-DagNode a { {{value}} }
            Add-DagNode b { $_ | Select-Object -Last 1 } -After a
            Add-DagNode c { param($a, $b) $a | Select-Object -First 1 } -After a, b
        }
        $run = Invoke-Dag $d -ThrottleLimit 1 -WarningVariable said -WarningAction SilentlyContinue
        $back = (Get-DagRun $run.RunId).Outputs['c']
        "$($run.Status) $(@($said).Count) $($back.n, $back.PSTypeNames[0] -match '^(\d|My)')"
        """);

    [Fact]
    public void What_an_object_computes_is_no_change_of_it_where_no_session_can_be_asked() => Gives(
        "completed 0",
        """
        $d = New-Dag d {
            Add-DagNode a { [pscustomobject]@{ n = 1 } | Add-Member ScriptProperty Twice { 2 * $this.n } -PassThru }
            Add-DagNode b -Method ([Runtime.CompilerServices.RuntimeHelpers]::GetHashCode) -After a
            Add-DagNode c { $_ } -After a
            Add-DagNode d -After a -Map { $_ }
        }
        $run = Invoke-Dag $d -WarningVariable said -WarningAction SilentlyContinue
        "$($run.Status) $(@($said).Count)"
        """);

    [Theory]
    [InlineData("$global:ext = 2", "2")]
    [InlineData("$o | Add-Member ScriptProperty P { 'other' } -Force", "other")]
    [InlineData("$o.n = 5; $o | Add-Member ScriptProperty P { 10 * $this.n } -Force", "50")]
    [InlineData("$o | Add-Member ScriptProperty Q { 'more' }", "1more")]
    public void What_an_object_computes_is_asked_again_in_the_session_that_owns_the_script(string change, string expected) => Gives(
        expected,
        $$"""
        $global:ext = 1
        $o = [pscustomobject]@{ n = 1 } | Add-Member ScriptProperty P { $global:ext } -PassThru
        $d = New-Dag d { Add-DagNode a { param($o) $o } }
        $null = Invoke-Dag $d @{ a = @{ o = $o } }
        {{change}}
        $run = Invoke-Dag $d @{ a = @{ o = $o } }
        $stored = (Get-DagRun $run.RunId).Nodes['a'].Input.o
        "$($stored.P)$($stored.Q)"
        """);

    // PowerShell waits 250 ms for each that another session asks.
    [Fact]
    public void What_elements_compute_is_asked_once_where_they_come_from() => Gives(
        "40 80 asked 40",
        """
        $global:asked = 0
        $o = 1..40 | ForEach-Object {
            [pscustomobject]@{ n = $_; t = @{} } | Add-Member ScriptProperty Twice { $global:asked++; 2 * $this.n } -PassThru
        }
        $null = $o | Invoke-DagMap { $_ }
        $run = Get-DagRun -First 1
        "$($run.Outputs['each'].Count) $($run.Outputs['each'][39].Twice) asked $global:asked"
        """);

    [Fact]
    public void A_live_object_that_changes_by_itself_is_recorded_anew_without_a_warning() => Gives(
        "completed 0",
        """
        $d = New-Dag d {
            Add-DagNode a { [Diagnostics.Stopwatch]::StartNew() }
            Add-DagNode b { param($a) 1 } -After a
            Add-DagNode c { param($a, $b) 1 } -After a, b
        }
        $run = Invoke-Dag $d -WarningVariable said -WarningAction SilentlyContinue
        "$($run.Status) $(@($said).Count)"
        """);
}
