using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>A run that is stopped from outside, and what runs leave behind.</summary>
public sealed class StopTests : ModuleTest
{
    // When the four elements after the first twenty are in flight, the first twenty have ended.
    private const int Held = 24;

    [Fact]
    public void A_stopped_run_cancels_the_token_of_a_method()
    {
        WaitingMethod.Reset(Session.Folder.Path);

        Session.RunAndStop(
            "New-Dag d { Add-DagNode a -Method ([Lythonic.Dag.Runspace.Tests.Hosting.WaitingMethod]::Wait) } | "
            + "Invoke-Dag -SourceInput @{ session = $Folder }",
            () => WaitingMethod.HasStarted(Session.Folder.Path));

        Assert.True(WaitingMethod.WasCancelled(Session.Folder.Path));
        Gives("cancelled", "(Get-DagRun).Status");
    }

    [Fact]
    public void A_stopped_map_is_cancelled_whole_and_goes_on_where_it_stopped()
    {
        Session.Run(
            "$d = New-Dag d { Add-DagNode a { 1..200 }; Add-DagNode m -After a -Map { [Tests.Ran]::Node($using:Folder, $_); "
            + "while ([IO.File]::Exists(\"$using:Folder/hold\") -and $_ -gt 20) { [Threading.Thread]::Sleep(5) }; $_ } }").Sound();
        var hold = Session.Folder.File("hold");
        File.WriteAllText(hold, "");
        Session.RunAndStop("Invoke-Dag $d -ThrottleLimit 4",
            () => global::Tests.Ran.InOrder(Session.Folder.Path).Split(',').Length == Held);
        File.Delete(hold);

        Gives("cancelled", "(Get-DagRun).Status");
        global::Tests.Ran.Clear(Session.Folder.Path);
        Gives("completed 200 200",
            "$r = Restart-DagRun (Get-DagRun).RunId; \"$($r.Status) $($r.Outputs['m'].Count) $($r.Outputs['m'][199])\"");
        Assert.All(Enumerable.Range(1, 20),
            done => Assert.DoesNotContain($"{done}", global::Tests.Ran.InOrder(Session.Folder.Path).Split(',')));
    }

    [Fact]
    public void A_job_that_removes_itself_when_it_has_ended_is_received_at_once()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();

        Gives(
            "1 0",
            """
            $run = New-Dag d { Add-DagNode a { [Threading.Thread]::Sleep(300); 1 } } | Invoke-Dag -AsJob | Receive-Job -Wait -AutoRemoveJob
            "$($run.Outputs['a']) $(@(Get-Job).Count)"
            """);

        // A job that waited for itself would wait for fifteen seconds.
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 14);
    }

    [Fact]
    public void A_job_whose_listener_throws_ends_and_the_process_goes_on() => Gives(
        "Failed 1",
        """
        $job = New-Dag d {
            Add-DagNode a { while (-not [IO.File]::Exists("$using:Folder/go")) { [Threading.Thread]::Sleep(5) }; throw 'no' }
        } | Invoke-Dag -AsJob
        [Tests.LoudListener]::To($job)
        [IO.File]::WriteAllText("$Folder/go", '')
        $null = $job | Wait-Job
        "$($job.State) $(@(Get-DagRun).Count)"
        """);

    [Fact]
    public void A_job_that_a_script_has_disposed_can_be_removed() => Gives(
        "0",
        """
        $job = New-Dag d { Add-DagNode a { 3 } } | Invoke-Dag -AsJob
        $null = $job | Wait-Job
        $job.Dispose()
        Remove-Job $job
        "$(@(Get-Job).Count)"
        """);

    [Fact]
    public void Eighty_runs_leave_no_thread_and_no_output_behind()
    {
        // This uses a process of its own, because other tests make threads too. The pool and the workers may grow with the number of
        // processors, but not with each run.
        using var host = PwshProcess.Run(Session.Folder.Path, Session.Folder.Write("leak.ps1", """
            function Get-ThreadCount { [Diagnostics.Process]::GetCurrentProcess().Threads.Count }
            $weak = [Collections.Generic.List[WeakReference]]::new()
            function Once {
                $run = New-Dag leak { Add-DagNode a { , [byte[]]::new(1MB) }; Add-DagNode b -After a { param($a) $a.Length } } |
                    Invoke-Dag -DatabasePath "$PSScriptRoot/leak.db"
                $weak.Add([WeakReference]::new($run.Nodes[0].Output))
            }
            foreach ($i in 1..20) { Once }
            $before = Get-ThreadCount
            foreach ($i in 1..60) { Once }
            $more = (Get-ThreadCount) - $before
            [GC]::Collect(); [GC]::WaitForPendingFinalizers(); [GC]::Collect()
            $alive = 0
            foreach ($w in $weak) { if ($w.IsAlive) { $alive++ } }
            "$($weak.Count) $($more -lt 40) $($alive -lt 20)"
            """));

        Assert.Equal(("80 True True", ""), (host.Output.Trim(), host.Error));
    }
}
