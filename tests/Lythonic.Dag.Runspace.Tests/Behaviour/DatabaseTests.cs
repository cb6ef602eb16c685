using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class DatabaseTests : ModuleTest
{
    [Fact]
    public void A_folder_is_no_database() => FailsWith("DagDatabaseInvalid", "Get-DagRun -DatabasePath $Folder", "folder");

    [Fact]
    public void A_run_is_a_row_of_dag_runs() => Reads(
        "d|completed",
        "SELECT dag_nsref, status FROM dag_runs",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode b { param($x) $x + 1 } -After a
            Add-DagNode c { param($x) $x + 1 } -After b
        }
        $r = Invoke-Dag $d
        """);

    [Fact]
    public void A_run_keeps_its_sink_outputs_as_JSON() => Reads(
        "3",
        "SELECT json_extract(sink_outputs_json, '$.c') FROM dag_runs",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode b { param($x) $x + 1 } -After a
            Add-DagNode c { param($x) $x + 1 } -After b
        }
        $r = Invoke-Dag $d
        """);

    [Fact]
    public void A_run_keeps_its_source_input_as_JSON() => Reads(
        "5",
        "SELECT json_extract(source_inputs_json, '$.x') FROM dag_runs",
        "Invoke-Dag (New-Dag d { Add-DagNode a { param($x) $x } }) -SourceInput @{ x = 5 }");

    [Fact]
    public void Times_are_seconds_since_1970() => Reads(
        "real|1|1",
        "SELECT typeof(started_at), abs(started_at - strftime('%s', 'now')) < 600, finished_at >= started_at FROM dag_runs",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode b { param($x) $x + 1 } -After a
            Add-DagNode c { param($x) $x + 1 } -After b
        }
        $r = Invoke-Dag $d
        """);

    [Fact]
    public void A_node_run_is_a_row_of_node_executions() => Reads(
        "a|source|1|0|completed|1\nb|internal|0|0|completed|1\nc|sink|0|1|completed|1",
        "SELECT node_label, node_type, is_source, is_sink, status, attempt FROM node_executions ORDER BY node_label",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode b { param($x) $x + 1 } -After a
            Add-DagNode c { param($x) $x + 1 } -After b
        }
        $r = Invoke-Dag $d
        """);

    [Fact]
    public void A_node_run_keeps_its_output_as_JSON() => Reads(
        "1|2|3",
        "SELECT group_concat(output_json, '|') FROM (SELECT output_json FROM node_executions ORDER BY node_label)",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode b { param($x) $x + 1 } -After a
            Add-DagNode c { param($x) $x + 1 } -After b
        }
        $r = Invoke-Dag $d
        """);

    [Fact]
    public void A_node_run_keeps_its_input_as_JSON() => Reads(
        "1",
        "SELECT json_extract(input_json, '$.x') FROM node_executions WHERE node_label = 'b'",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode b { param($x) $x + 1 } -After a
            Add-DagNode c { param($x) $x + 1 } -After b
        }
        $r = Invoke-Dag $d
        """);

    [Fact]
    public void An_edge_that_was_gone_along_is_a_row_of_edge_traversals() => Reads(
        "a|b\nb|c",
        "SELECT upstream_label, downstream_label FROM edge_traversals ORDER BY 1",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode b { param($x) $x + 1 } -After a
            Add-DagNode c { param($x) $x + 1 } -After b
        }
        $r = Invoke-Dag $d
        """);

    [Fact]
    public void A_traversal_has_its_time() => Reads(
        "1",
        "SELECT count(*) = 2 FROM edge_traversals WHERE traversed_at > 0",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode b { param($x) $x + 1 } -After a
            Add-DagNode c { param($x) $x + 1 } -After b
        }
        $r = Invoke-Dag $d
        """);

    [Fact]
    public void A_composite_node_has_the_type_composite() => Reads(
        "composite|0|1",
        "SELECT node_type, is_source, is_sink FROM node_executions n JOIN dag_runs r USING (run_id) WHERE parent_run_id IS NULL AND node_label = 'm'",
        """
        $d = New-Dag d {
            Add-DagNode l { 1, 2 }
            Add-DagNode m -Map { $_ } -After l
        }
        $r = Invoke-Dag $d
        """);

    [Fact]
    public void A_sub_run_has_the_id_of_its_parent() => Reads(
        "2",
        "SELECT count(*) FROM dag_runs c JOIN dag_runs p ON c.parent_run_id = p.run_id",
        """
        $d = New-Dag d {
            Add-DagNode l { 1, 2 }
            Add-DagNode m -Map { $_ } -After l
        }
        $r = Invoke-Dag $d
        """);

    [Fact]
    public void A_sub_run_has_its_path() => Reads(
        "d/m[0]\nd/m[1]",
        "SELECT dag_nsref FROM dag_runs WHERE parent_run_id IS NOT NULL ORDER BY 1",
        """
        $d = New-Dag d {
            Add-DagNode l { 1, 2 }
            Add-DagNode m -Map { $_ } -After l
        }
        $r = Invoke-Dag $d
        """);

    [Fact]
    public void The_error_of_a_node_is_kept() => Reads(
        "1",
        "SELECT error LIKE '%no such luck%' FROM node_executions",
        "New-Dag d { Add-DagNode a { throw 'no such luck' } } | Invoke-Dag");

    [Fact]
    public void A_failed_run_is_kept_as_failed() => Reads(
        "failed",
        "SELECT status FROM dag_runs",
        "New-Dag d { Add-DagNode a { throw 'no' } } | Invoke-Dag");

    [Fact]
    public void Earlier_attempts_are_kept() => Reads(
        "1|failed\n2|completed",
        "SELECT attempt, status FROM node_executions ORDER BY attempt",
        """
        $d = New-Dag d { Add-DagNode a { if (-not [IO.File]::Exists("$using:Folder/go")) { throw 'no' } } }
        $r = Invoke-Dag $d; [IO.File]::WriteAllText("$Folder/go", ''); Restart-DagRun $r.RunId -Dag $d
        """);

    [Fact]
    public void A_reused_node_is_skipped() => Reads(
        "a|skipped\nb|completed",
        "SELECT node_label, n.status FROM node_executions n JOIN dag_runs r USING (run_id) WHERE replayed_from IS NOT NULL ORDER BY 1",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode b { param($x) $x } -After a
        }
        $r = Invoke-Dag $d; Invoke-DagReplay $r.RunId b -Dag $d
        """);

    [Fact]
    public void Nodes_downstream_of_a_failure_are_upstream_failed() => Reads(
        "upstream_failed",
        "SELECT status FROM node_executions WHERE node_label = 'b'",
        """
        $d = New-Dag d {
            Add-DagNode a { throw 'no' }
            Add-DagNode b { param($x) $x } -After a
        }
        Invoke-Dag $d -ContinueOnFailure
        """);

    [Fact]
    public void A_password_is_never_stored() => Reads(
        "0",
        "SELECT count(*) FROM node_executions WHERE output_json LIKE '%hunter2%'",
        """
        New-Dag d { Add-DagNode a { $s = [securestring]::new(); foreach ($c in 'hunter2'.ToCharArray()) { $s.AppendChar($c) }; $s } } | Invoke-Dag
        """);

    [Fact]
    public void The_file_is_readable_by_its_owner_alone()
    {
        Session.Run("New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag").Sound();

        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Session.Database) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }
}
