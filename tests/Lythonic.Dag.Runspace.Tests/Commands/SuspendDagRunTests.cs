using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

public sealed class SuspendDagRunTests : ModuleTest
{
    public SuspendDagRunTests() => Session.Set("Manifest", Repository.Manifest);

    [Fact]
    public void The_run_is_paused() => Gives(
        "paused",
        """
        $d = New-Dag d { Add-DagNode a { Suspend-DagRun $DagContext.RunId -DatabasePath $using:Database; 1 }; Add-DagNode b { param($x) $x + 1 } -After a } -Module $Manifest
        $r = Invoke-Dag $d
        $r.Status
        """);

    [Fact]
    public void A_node_in_flight_finishes() => Gives(
        "completed",
        """
        $d = New-Dag d { Add-DagNode a { Suspend-DagRun $DagContext.RunId -DatabasePath $using:Database; 1 }; Add-DagNode b { param($x) $x + 1 } -After a } -Module $Manifest
        $r = Invoke-Dag $d
        ($r.Nodes | Where-Object Label -eq a).Status
        """);

    [Fact]
    public void No_node_starts_after_it() => Gives(
        "0",
        """
        $d = New-Dag d { Add-DagNode a { Suspend-DagRun $DagContext.RunId -DatabasePath $using:Database; 1 }; Add-DagNode b { param($x) $x + 1 } -After a } -Module $Manifest
        $r = Invoke-Dag $d
        @($r.Nodes | Where-Object Label -eq b | Where-Object Status -eq completed).Count
        """);

    [Fact]
    public void Nothing_is_written() => Gives(
        "0",
        """
        $d = New-Dag d { Add-DagNode a { @(Suspend-DagRun $DagContext.RunId -DatabasePath $using:Database).Count }; Add-DagNode b { param($x) $x + 1 } -After a } -Module $Manifest
        $r = Invoke-Dag $d
        $r.Nodes[0].Output
        """);

    [Fact]
    public void A_restart_goes_on() => Gives(
        "2",
        """
        $d = New-Dag d { Add-DagNode a { Suspend-DagRun $DagContext.RunId -DatabasePath $using:Database; 1 }; Add-DagNode b { param($x) $x + 1 } -After a } -Module $Manifest
        $r = Invoke-Dag $d
        (Restart-DagRun $r.RunId -Dag $d).Outputs['b']
        """);

    [Fact]
    public void A_run_that_is_not_there_is_an_error() => FailsWith(
        "DagRunNotFound",
        "$null = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag; Suspend-DagRun zebra", "zebra");
}
