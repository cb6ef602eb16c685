using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>A pipeline that stops while inline nodes wait for its thread: they end at once, and the run can go on.</summary>
public sealed class InlineStopTests : ModuleTest
{
    private const string Two =
        "$d = New-Dag d { Add-DagNode a { if ($stops) { Write-Warning 'x' }; 1 }; Add-DagNode b { 2 }; Add-DagNode c { 3 } -Inline }; "
        + "$stops = $true;";

    [Theory]
    [InlineData("cancelled", "$null = Invoke-Dag $d -Inline -ThrottleLimit 3 3>&1 | Select-Object -First 1")]
    // The node that writes the warning fails by it.
    [InlineData("failed", "try { $null = Invoke-Dag $d -Inline -ThrottleLimit 3 -WarningAction Stop } catch { }")]
    public void Calls_that_wait_end_with_the_pipeline(string status, string stop)
    {
        Session.Run($"{Two} {stop}");

        Gives($"{status} completed",
            "$stops = $false; $id = (Get-DagRun).RunId; \"$((Get-DagRun).Status) $((Restart-DagRun $id).Status)\"");
    }

    [Fact]
    public void Calls_that_wait_end_when_the_pipeline_is_stopped()
    {
        Session.Run(
            "$d = New-Dag d { Add-DagNode a { if ($stops) { $null > \"$Folder/begun\"; while ($true) { [Threading.Thread]::Sleep(5) } }; "
            + "1 }; Add-DagNode b { 2 } }; $stops = $true").Sound();

        Session.RunAndStop("Invoke-Dag $d -Inline -ThrottleLimit 2", () => File.Exists(Session.Folder.File("begun")));

        Gives("cancelled completed",
            "$stops = $false; $id = (Get-DagRun).RunId; \"$((Get-DagRun).Status) $((Restart-DagRun $id).Status)\"");
    }

    // The thread that stops the pipeline may take long to cancel the nodes. Meanwhile, the pipeline's thread must not make a call again.
    [Theory]
    [InlineData("cancelled", "a { [Tests.SlowStop]::Begin($Folder); while ($true) { [Threading.Thread]::Sleep(5) } }")]
    // This one has done its work when the pipeline is found to be stopped.
    [InlineData("completed", "a -Method 'Tests.SlowStop::WaitForStop' -Parameter @{ folder = $Folder }")]
    public void Calls_are_made_once_while_another_thread_still_cancels(string status, string inline)
    {
        Session.Run(
            "$d = New-Dag d { Add-DagNode s -Method 'Tests.SlowStop::Register' -Parameter @{ folder = $Folder }; "
            + $"Add-DagNode {inline} -Inline -Timeout (New-TimeSpan -Hours 1) }}").Sound();

        Session.RunAndStop("Invoke-Dag $d -Verbose", () => File.Exists(Session.Folder.File("registered")));

        Gives(status, "(Get-DagRun).Status");
        Assert.Equal("begun", File.ReadAllText(Session.Folder.File("begun")));
    }

    [Fact]
    public void A_condition_that_is_stopped_while_another_thread_still_cancels_is_no_failure()
    {
        Session.Run(
            "$sub = New-Dag sub { Add-DagNode a { 1 } "
            + "-If { [Tests.SlowStop]::Begin($Folder); while ($true) { [Threading.Thread]::Sleep(5) } } -Inline }; "
            + "$d = New-Dag d { Add-DagNode s -Method 'Tests.SlowStop::Register' -Parameter @{ folder = $Folder }; Add-DagNode o { 1 }; "
            + "Add-DagNode m -Call $sub -After o -Timeout (New-TimeSpan -Hours 1) }").Sound();

        Session.RunAndStop("Invoke-Dag $d -Verbose", () => File.Exists(Session.Folder.File("registered")));

        Gives("cancelled cancelled", "$run = Get-DagRun; \"$($run.Status) $($run.Nodes['m'].ChildRuns[0].Nodes['a'].Status)\"");
    }
}
