using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>A process of its own runs a DAG and is killed inside the node <c>b</c>; then this process restarts the run.</summary>
public sealed class CrashTests : ModuleTest
{
    private const string Definition =
        """
        $d = New-Dag crashing {
            Add-DagNode a { param($folder) [IO.File]::AppendAllText("$folder/ran-a", 'a'); 1 } -Parameter @{ folder = $Folder }
            Add-DagNode b { param($folder, $n) BODY } -After a -Parameter @{ folder = $Folder }
            Add-DagNode c { param($n) $n + 1 } -After b
        }

        """;

    [Fact]
    public void A_run_whose_process_died_shows_as_interrupted()
    {
        Crash();

        Gives("interrupted", "(Get-DagRun).Status");
    }

    [Fact]
    public void A_run_whose_process_lives_shows_as_running()
    {
        using var host = Start();

        Gives("running", "(Get-DagRun).Status");
    }

    [Fact]
    public void A_run_that_another_process_owns_cannot_be_restarted()
    {
        using var host = Start();

        // A live run is not restartable either way; which of the two is said first is not this test's business.
        FailsWith("DagRun", Mended + "Restart-DagRun (Get-DagRun).RunId -Dag $d");
    }

    [Fact]
    public void A_restart_after_a_crash_reaches_the_end()
    {
        Crash();

        Gives("completed 3", Mended + "$r = Restart-DagRun (Get-DagRun).RunId -Dag $d; \"$($r.Status) $($r.Outputs['c'])\"");
    }

    [Fact]
    public void A_restart_after_a_crash_does_not_run_again_what_had_completed()
    {
        Crash();

        Session.Run(Mended + "Restart-DagRun (Get-DagRun).RunId -Dag $d").Sound();

        Assert.Equal("a", File.ReadAllText(Session.Folder.File("ran-a")));
    }

    [Fact]
    public void A_node_in_flight_at_a_crash_runs_again_as_its_second_attempt()
    {
        Crash();

        Gives("2", Mended + "((Restart-DagRun (Get-DagRun).RunId -Dag $d).Nodes | Where-Object Label -eq b).Attempt");
    }

    [Fact]
    public void The_output_of_a_completed_node_outlives_the_process()
    {
        Crash();

        Assert.Equal("1", StoreReader.Query(Session.Database, "SELECT output_json FROM node_executions WHERE node_label = 'a' AND status = 'completed'"));
    }

    private static string Mended => Definition.Replace("BODY", "$n + 1", StringComparison.Ordinal);

    private void Crash()
    {
        using var host = Start();
        host.Kill();
    }

    private HostProcess Start()
    {
        var stuck = Definition.Replace(
            "BODY", "[IO.File]::WriteAllText(\"$folder/in-b\", ''); while ($true) { [Threading.Thread]::Sleep(10) }", StringComparison.Ordinal);
        var script = Session.Folder.Write("crash.ps1", "$Folder = $PSScriptRoot\n" + stuck + "Invoke-Dag $d");
        var host = new HostProcess(Session.Folder.Path, Session.Database, script);
        host.WaitForFile(Session.Folder.File("in-b"));
        return host;
    }
}
