using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>What the bars of a run count.</summary>
public sealed class RunProgressTests : ModuleTest
{
    [Theory]
    [InlineData("")]
    [InlineData("; Add-DagNode other -After list -Map { [Threading.Thread]::Sleep(0) }")]
    public void The_bar_of_a_map_counts_its_elements_and_not_the_runs_inside_them_or_those_of_another_map(string other)
    {
        var said = Session.Run($$"""
            $inner = New-Dag inner { Add-DagNode a { $_ }; Add-DagNode b -After a { $_ } }
            $null = New-Dag d {
                Add-DagNode list { 1, 2 }{{other}}
                Add-DagNode m -After list -ThrottleLimit 1 -Map (New-Dag e {
                    Add-DagNode s { $_ }; Add-DagNode c -After s -Call $inner; Add-DagNode w -After c {
                        if ($DagContext.Path -like '*0]*') { 1 } else { [Tests.Shown]::Wait($using:Folder, '1 of 2 elements done') } } })
            } | Invoke-Dag
            """).Sound().Progress.Where(record => record.Activity == "m").Select(record => record.StatusDescription).ToList();

        Assert.Contains("1 of 2 elements done", said);
        Assert.DoesNotContain("0 of 2 elements done, 1 reused", said);
    }

    [Fact]
    public void Long_labels_leave_room_for_what_changes()
    {
        var bars = Session.Run("""
            $label = 'a label of sixty characters that goes on and on to the very end'
            $null = New-Dag d {
                Add-DagNode list { 1..2 }
                Add-DagNode $label -After list -ThrottleLimit 1 -Map {
                    Write-Progress -Activity Copying -Status file
                    if ($_ -eq 2) { [Tests.Shown]::Wait($using:Folder, '1 of 2 elements done') }
                }
            } | Invoke-Dag
            """).Sound().Progress;

        Assert.Contains(
            bars, bar => bar is { Activity: "a label of sixty …on to the very end", StatusDescription: "1 of 2 elements done" });
        Assert.Contains(bars, bar => bar.StatusDescription == "1 of 2 nodes done, running: a label of …the very end");
        Assert.All(bars, bar => Assert.InRange(bar.Activity.Length, 1, 36));
    }

    [Fact]
    public void The_bar_of_a_map_says_how_many_elements_were_reused() => Assert.Contains(
        Session.Run("""
            function Dag($last) {
                New-Dag d { Add-DagNode list { 1..3; $using:last }; Add-DagNode m -After list -Reuse -ThrottleLimit 1 -Map {
                    if ($_ -eq 5) { [Tests.Shown]::Wait($using:Folder, '3 of 4 elements done, 3 reused') } } }
            }
            $null = Dag 4 | Invoke-Dag -ProgressAction Ignore
            $null = Dag 5 | Invoke-Dag
            """).Sound().Progress, record => record.StatusDescription == "3 of 4 elements done, 3 reused");

    [Theory]
    [InlineData("Restart-DagRun $run.RunId -Dag $dag")]
    [InlineData("$dag | Invoke-Dag -Resume 6> $null")]
    public void After_a_restart_the_bars_count_what_was_done_before(string restart)
    {
        var said = Session.Run($$"""
            $env:DagFails = '1'
            $dag = New-Dag d {
                Add-DagNode list { 1..4 }
                Add-DagNode work -After list -ThrottleLimit 1 -Map {
                    if ($_ -eq 3 -and $env:DagFails -eq '1') { throw 'three' }
                    if ($_ -eq 3) { [Tests.Shown]::Wait($using:Folder, '2 of 4 elements done') }
                }
                Add-DagNode last -After work { }
            }
            $run = $dag | Invoke-Dag -ProgressAction Ignore -ErrorAction Ignore
            $env:DagFails = '0'
            $null = {{restart}}
            """).Sound().Progress.Select(record => record.StatusDescription).ToList();

        Assert.Contains("2 of 4 elements done", said);
        Assert.Contains("1 of 3 nodes done, running: work", said);
    }

    [Fact]
    public void What_is_kept_of_elements_is_bounded_by_those_in_flight() => Gives(
        "1000 done, 500 reused, 2 kept",
        """
        $type = (Get-Command Invoke-DagMap).ImplementingType.Assembly.GetType('Lythonic.Dag.Hosting.ElementTally')
        $tally = [Activator]::CreateInstance($type, $true)
        $ran, $ended = $type.GetMethod('NodeEnded'), $type.GetMethod('Ended')
        $completed, $skipped = [Lythonic.Dag.NodeStatus]::Completed, [Lythonic.Dag.NodeStatus]::Skipped
        foreach ($element in 1..1002) {
            $null = $ran.Invoke($tally, @("$element", $(if ($element % 2 -or $element -gt 1000) { $completed } else { $skipped })))
            if ($element -le 1000) { $null = $ended.Invoke($tally, @("$element")) }
        }
        $kept = $type.GetFields('NonPublic, Instance') | ForEach-Object { $_.GetValue($tally) } | Where-Object { $_ -isnot [int] }
        "$($type.GetProperty('Done').GetValue($tally)) done, $($type.GetProperty('Reused').GetValue($tally)) reused, $(@($kept).Count) kept"
        """);
}
