using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>How what nodes write reaches the caller.</summary>
public sealed class StreamOrderTests : ModuleTest
{
    private const string Chatty =
        "$d = New-Dag d { Add-DagNode a { [CmdletBinding()] param() foreach ($i in 1..20) { $PSCmdlet.WriteWarning(\"w$i\"); "
        + "$PSCmdlet.WriteInformation(\"i$i\", [string[]]@()) } } };";

    [Fact]
    public void What_a_node_writes_stays_in_order() => Gives(
        string.Join(' ', Enumerable.Range(1, 20).Select(i => $"[a] w{i} i{i}")),
        Chatty + " @(Invoke-Dag $d 3>&1 6>&1 | ForEach-Object { if ($_ -isnot [Lythonic.Dag.DagRun]) { \"$_\" } }) -join ' '");

    [Fact]
    public void Warnings_are_collected_in_a_variable() =>
        Gives("20 [a] w1", Chatty
            + " $null = Invoke-Dag $d -WarningVariable seen -WarningAction SilentlyContinue; \"$($seen.Count) $($seen[0])\"");

    [Fact]
    public void Errors_are_collected_in_a_variable_as_they_were_made() => Gives(
        "Soft ResourceBusy thing d/a",
        """
        $d = New-Dag d { Add-DagNode a {
            [CmdletBinding()] param() $PSCmdlet.WriteError(
            [System.Management.Automation.ErrorRecord]::new([Exception]::new('soft'), 'Soft', 'ResourceBusy', 'thing')) } }
        $null = Invoke-Dag $d -ErrorVariable seen -ErrorAction SilentlyContinue
        "$($seen[0].FullyQualifiedErrorId) $($seen[0].CategoryInfo.Category) $($seen[0].TargetObject) $($seen[0].DagNode)"
        """);

    [Fact]
    public void An_error_of_a_command_inside_a_node_keeps_the_commands_name() => Gives(
        "Get-Command 2",
        """
        $d = New-Dag d { Add-DagNode a {
            Get-Command Nowhere-AtAll
        } }
        $null = Invoke-Dag $d -ErrorVariable seen -ErrorAction SilentlyContinue
        "$($seen[0].InvocationInfo.MyCommand) $($seen[0].InvocationInfo.ScriptLineNumber)"
        """);

    [Fact]
    public void What_a_node_writes_arrives_while_it_runs() => Gives(
        "completed True",
        """
        $arrived = [Threading.ManualResetEventSlim]::new()
        $d = New-Dag d { Add-DagNode a { [CmdletBinding()] param() $PSCmdlet.WriteWarning('now'); ($using:arrived).Wait(300000) } }
        Invoke-Dag $d -NoProvenance 3>&1 |
            ForEach-Object { if ($_ -is [Lythonic.Dag.DagRun]) { "$($_.Status) $($_.Outputs['a'])" } else { $arrived.Set() } }
        """);

    [Fact]
    public void Messages_that_are_kept_are_bounded() => Gives(
        "201 True",
        """
        $d = New-Dag d { Add-DagNode a { [CmdletBinding()] param() foreach ($i in 1..1000) { $PSCmdlet.WriteVerbose('x' * 5000) } } }
        $null = Invoke-Dag $d -Verbose 4>$null
        $kept = (Get-DagRun).Nodes[0].Messages
        "$($kept.Count) $($kept[0].Text.Length -lt 2100)"
        """);

    [Fact]
    public void Progress_is_a_few_records_and_ends()
    {
        var progress = Session.Run(
            "$null = New-Dag d { Add-DagNode a { 1..1000 } -OutputType ([int[]]); Add-DagNode m -After a -Map { param($x) "
            + "[Threading.Thread]::Sleep(2) } } | Invoke-Dag -NoProvenance -ThrottleLimit 2").Progress;

        // At most four records a second are written. One for each element would be 1,000. The bound allows for two minutes. The run takes a
        // second, so that there is something to show.
        Assert.InRange(progress.Count, 1, 500);
        Assert.All(
            progress.GroupBy(record => record.ActivityId),
            bar => Assert.Equal(System.Management.Automation.ProgressRecordType.Completed, bar.Last().RecordType));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Inline")]
    public void The_stderr_of_a_native_command_stops_no_run_that_stops_at_errors(string option) => Assert.Equal(
        "completed went on",
        Session.Run(
            $"$r = New-Dag d {{ Add-DagNode a {{ $null = & dotnet no-such-command; "
            + $"'went on' }} }} | Invoke-Dag -NoProvenance -ErrorAction Stop {option}; \"$($r.Status) $($r.Outputs['a'])\"").Text);
}
