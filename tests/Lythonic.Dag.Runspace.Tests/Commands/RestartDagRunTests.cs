using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

public sealed class RestartDagRunTests : ModuleTest
{
    [Fact]
    public void A_failed_run_goes_on_to_its_end() => Gives(
        "completed",
        """
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }; Add-DagNode b { param($x) throw 'no' } -After a }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }; Add-DagNode b { param($x) $x + 1 } -After a }
        (Restart-DagRun $r.RunId -Dag $d).Status
        """);

    [Fact]
    public void A_completed_node_is_not_run_again() => Gives(
        "a",
        """
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }; Add-DagNode b { param($x) throw 'no' } -After a }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }; Add-DagNode b { param($x) $x + 1 } -After a }
        $null = Restart-DagRun $r.RunId -Dag $d; [Tests.Ran]::Sorted($Folder)
        """);

    [Fact]
    public void The_stored_output_of_a_completed_node_is_used() => Gives(
        "2",
        """
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }; Add-DagNode b { param($x) throw 'no' } -After a }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }; Add-DagNode b { param($x) $x + 1 } -After a }
        (Restart-DagRun $r.RunId -Dag $d).Outputs['b']
        """);

    [Fact]
    public void The_run_keeps_its_id() => Gives(
        "True",
        """
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }; Add-DagNode b { param($x) throw 'no' } -After a }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }; Add-DagNode b { param($x) $x + 1 } -After a }
        (Restart-DagRun $r.RunId -Dag $d).RunId -eq $r.RunId
        """);

    [Fact]
    public void A_node_that_runs_again_counts_its_attempts() => Gives(
        "2",
        """
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }; Add-DagNode b { param($x) throw 'no' } -After a }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }; Add-DagNode b { param($x) $x + 1 } -After a }
        ((Restart-DagRun $r.RunId -Dag $d).Nodes | Where-Object Label -eq b).Attempt
        """);

    [Fact]
    public void The_DAG_of_this_session_is_used_when_none_is_given() => Gives(
        "completed",
        """
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }; Add-DagNode b { param($x) throw 'no' } -After a }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }; Add-DagNode b { param($x) $x + 1 } -After a }
        (Restart-DagRun $r.RunId).Status
        """);

    [Fact]
    public void A_run_from_the_pipeline_is_restarted() => Gives(
        "completed",
        """
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }; Add-DagNode b { param($x) throw 'no' } -After a }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue
        $d = New-Dag d { Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }; Add-DagNode b { param($x) $x + 1 } -After a }
        ($r | Restart-DagRun -Dag $d).Status
        """);

    [Fact]
    public void A_run_that_is_completed_cannot_be_restarted() => FailsWith(
        "DagRunNotRestartable",
        "$r = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag; Restart-DagRun $r.RunId", "completed");

    [Fact]
    public void A_run_that_is_not_there_is_an_error() => FailsWith(
        "DagRunNotFound",
        "$d = New-Dag d { Add-DagNode a { 1 } }; Restart-DagRun 00000000-0000-0000-0000-000000000000 -Dag $d", "00000000");

    [Fact]
    public void A_completed_node_whose_code_changed_is_an_error_that_names_it() => FailsWith(
        "DagDefinitionChanged",
        """
        $d = New-Dag d { Add-DagNode first { 1 }; Add-DagNode b { param($x) throw 'no' } -After first }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue
        $d = New-Dag d { Add-DagNode first { 2 }; Add-DagNode b { param($x) $x } -After first }
        $Error.Clear(); Restart-DagRun $r.RunId -Dag $d
        """, "first");

    [Fact]
    public void Force_keeps_the_stored_output_of_a_node_that_changed() => Gives(
        "1",
        """
        $d = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { param($x) throw 'no' } -After a }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue
        $d = New-Dag d { Add-DagNode a { 2 }; Add-DagNode b { param($x) $x } -After a }
        (Restart-DagRun $r.RunId -Dag $d -Force).Outputs['b']
        """);

    [Fact]
    public void A_run_without_provenance_cannot_be_restarted() => FailsWith(
        "DagProvenanceRequired",
        "$d = New-Dag d { Add-DagNode a { 1 } }; Restart-DagRun some-run -Dag $d -NoProvenance");

    [Fact]
    public void A_restart_that_fails_again_stays_failed() => Gives(
        "failed",
        """
        $d = New-Dag d { Add-DagNode a { throw 'no' } }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue; (Restart-DagRun $r.RunId -Dag $d -ErrorAction SilentlyContinue).Status
        """);
}
