using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class PauseTests : ModuleTest
{
    [Fact]
    public void A_node_that_pauses_pauses_its_run() => Gives(
        "paused",
        """
        $d = New-Dag d {
            Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }
            Add-DagNode b { param($x) [Tests.Ran]::Node($using:Folder, 'b'); if (-not [IO.File]::Exists("$using:Folder/go")) { $DagContext.Pause('needs approval') }; $x + 1 } -After a
            Add-DagNode c { param($x) [Tests.Ran]::Node($using:Folder, 'c'); $x * 10 } -After b
        }
        $r = Invoke-Dag $d
        $r.Status
        """);

    [Fact]
    public void A_pause_is_no_error() => Gives(
        "0",
        """
        $d = New-Dag d {
            Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }
            Add-DagNode b { param($x) [Tests.Ran]::Node($using:Folder, 'b'); if (-not [IO.File]::Exists("$using:Folder/go")) { $DagContext.Pause('needs approval') }; $x + 1 } -After a
            Add-DagNode c { param($x) [Tests.Ran]::Node($using:Folder, 'c'); $x * 10 } -After b
        }
        $r = Invoke-Dag $d
        $Error.Count
        """);

    [Fact]
    public void The_run_says_why_it_paused() => Gives(
        "needs approval",
        """
        $d = New-Dag d {
            Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }
            Add-DagNode b { param($x) [Tests.Ran]::Node($using:Folder, 'b'); if (-not [IO.File]::Exists("$using:Folder/go")) { $DagContext.Pause('needs approval') }; $x + 1 } -After a
            Add-DagNode c { param($x) [Tests.Ran]::Node($using:Folder, 'c'); $x * 10 } -After b
        }
        $r = Invoke-Dag $d
        $r.Error
        """);

    [Fact]
    public void No_node_starts_after_a_pause() => Gives(
        "a,b",
        """
        $d = New-Dag d {
            Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }
            Add-DagNode b { param($x) [Tests.Ran]::Node($using:Folder, 'b'); if (-not [IO.File]::Exists("$using:Folder/go")) { $DagContext.Pause('needs approval') }; $x + 1 } -After a
            Add-DagNode c { param($x) [Tests.Ran]::Node($using:Folder, 'c'); $x * 10 } -After b
        }
        $r = Invoke-Dag $d
        [Tests.Ran]::Sorted($Folder)
        """);

    [Fact]
    public void The_node_that_paused_is_paused() => Gives(
        "paused",
        """
        $d = New-Dag d {
            Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }
            Add-DagNode b { param($x) [Tests.Ran]::Node($using:Folder, 'b'); if (-not [IO.File]::Exists("$using:Folder/go")) { $DagContext.Pause('needs approval') }; $x + 1 } -After a
            Add-DagNode c { param($x) [Tests.Ran]::Node($using:Folder, 'c'); $x * 10 } -After b
        }
        $r = Invoke-Dag $d
        ($r.Nodes | Where-Object Label -eq b).Status
        """);

    [Fact]
    public void The_node_that_paused_runs_again_on_restart() => Gives(
        "b,c",
        """
        $d = New-Dag d {
            Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }
            Add-DagNode b { param($x) [Tests.Ran]::Node($using:Folder, 'b'); if (-not [IO.File]::Exists("$using:Folder/go")) { $DagContext.Pause('needs approval') }; $x + 1 } -After a
            Add-DagNode c { param($x) [Tests.Ran]::Node($using:Folder, 'c'); $x * 10 } -After b
        }
        $r = Invoke-Dag $d
        [IO.File]::WriteAllText("$Folder/go", ''); [Tests.Ran]::Clear($Folder); $r = Restart-DagRun $r.RunId -Dag $d
        [Tests.Ran]::Sorted($Folder)
        """);

    [Fact]
    public void A_restart_reaches_the_end() => Gives(
        "completed 20",
        """
        $d = New-Dag d {
            Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }
            Add-DagNode b { param($x) [Tests.Ran]::Node($using:Folder, 'b'); if (-not [IO.File]::Exists("$using:Folder/go")) { $DagContext.Pause('needs approval') }; $x + 1 } -After a
            Add-DagNode c { param($x) [Tests.Ran]::Node($using:Folder, 'c'); $x * 10 } -After b
        }
        $r = Invoke-Dag $d
        [IO.File]::WriteAllText("$Folder/go", ''); [Tests.Ran]::Clear($Folder); $r = Restart-DagRun $r.RunId -Dag $d
        "$($r.Status) $($r.Outputs['c'])"
        """);

    [Fact]
    public void A_paused_run_is_kept_as_paused() => Gives(
        "paused",
        """
        $d = New-Dag d {
            Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }
            Add-DagNode b { param($x) [Tests.Ran]::Node($using:Folder, 'b'); if (-not [IO.File]::Exists("$using:Folder/go")) { $DagContext.Pause('needs approval') }; $x + 1 } -After a
            Add-DagNode c { param($x) [Tests.Ran]::Node($using:Folder, 'c'); $x * 10 } -After b
        }
        $r = Invoke-Dag $d
        (Get-DagRun).Status
        """);

    [Fact]
    public void A_pause_that_a_node_catches_still_pauses_the_run() => Gives(
        "paused",
        """
        $d = New-Dag d {
            Add-DagNode a { try { $DagContext.Pause('x') } catch { }; 1 }
        }
        (Invoke-Dag $d).Status
        """);

    [Fact]
    public void Nodes_in_flight_finish() => Gives(
        "completed",
        """
        $gate = [Threading.Barrier]::new(2)
        $d = New-Dag d {
            Add-DagNode a { $g = $using:gate; $null = $g.SignalAndWait(20000); $DagContext.Pause('x') }
            Add-DagNode b { $g = $using:gate; $null = $g.SignalAndWait(20000); 1 }
        }
        ((Invoke-Dag $d -ThrottleLimit 2).Nodes | Where-Object Label -eq b).Status
        """);
}
