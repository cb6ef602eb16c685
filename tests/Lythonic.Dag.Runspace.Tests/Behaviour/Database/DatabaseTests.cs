using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class DatabaseTests : ModuleTest
{
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
    public void An_edge_is_there_once_its_upstream_is_done_whether_or_not_its_downstream_starts() => Reads(
        "a|b\na|c",
        "SELECT upstream_label, downstream_label FROM edge_traversals ORDER BY 2",
        """
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode b { throw 'no' } -After a
            Add-DagNode c { 1 } -After a
            Add-DagNode e { 1 } -After b
        }
        $r = Invoke-Dag $d -ThrottleLimit 1 -ErrorAction SilentlyContinue
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
        "SELECT node_type, is_source, is_sink FROM node_executions n JOIN dag_runs r USING (run_id) "
        + "WHERE parent_run_id IS NULL AND node_label = 'm'",
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
        New-Dag d { Add-DagNode a { $s = [securestring]::new(); foreach ($c in 'hunter2'.ToCharArray()) { $s.AppendChar($c) }; $s } } |
            Invoke-Dag
        """);

    [Fact]
    public void The_file_is_readable_by_its_owner_alone()
    {
        Session.Run("New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag").Sound();

        Assert.True(OperatingSystem.IsWindows()
            || File.GetUnixFileMode(Session.Database) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Theory]
    [InlineData("dag_runs",
        "run_id,dag_nsref,parent_run_id,status,started_at,finished_at,source_inputs_json,sink_outputs_json,replayed_from")]
    [InlineData("node_executions",
        "run_id,node_label,node_type,is_source,is_sink,status,attempt,input_json,output_json,started_at,finished_at,error")]
    [InlineData("edge_traversals", "run_id,upstream_label,downstream_label,traversed_at")]
    public void A_relation_has_these_columns(string relation, string columns) => Reads(
        $"{columns.Split(',').Length}",
        $"SELECT count(*) FROM pragma_table_xinfo('{relation}') WHERE name IN ('{columns.Replace(",", "','", StringComparison.Ordinal)}')",
        "New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag");

    [Theory]
    [InlineData("'it''s \"x\"'", "it's \"x\"")]
    [InlineData("5", "5")]
    [InlineData("$true", "1")]
    [InlineData("1, 2, 3", "[1,2,3]")]
    [InlineData("@{ n = 1 }", "1", "$.value.n")]
    [InlineData("1.50d", "decimal", "$.\"$type\"")]
    [InlineData("[pscustomobject]@{ n = [pscustomobject]@{ m = 'deep' } }", "deep", "$.n.m")]
    public void Values_are_read_by_the_functions_of_SQLite(string value, string expected, string path = "$") => Reads(
        expected,
        $"SELECT json_extract(output_json, '{path}') FROM node_executions",
        $"New-Dag d {{ Add-DagNode a {{ {value} }} }} | Invoke-Dag");

    [Fact]
    public void Every_payload_is_JSON() => Reads(
        "1",
        "SELECT min(json_valid(output_json) AND (input_json IS NULL OR json_valid(input_json))) FROM node_executions",
        "New-Dag d { Add-DagNode a { [datetime]::UtcNow; [guid]::NewGuid(); [double]::NaN; 1.5d }; Add-DagNode m -Map { \"$_\" } -After a; "
        + "Add-DagNode b { param($m) $m } -After m } | Invoke-Dag");

    [Fact]
    public void A_node_that_is_source_and_sink_is_both() => Reads(
        "1|1", "SELECT is_source, is_sink FROM node_executions", "New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag");

    [Fact]
    public void A_replayed_run_names_the_old_one() => Reads(
        "1",
        "SELECT count(*) FROM dag_runs n JOIN dag_runs o ON n.replayed_from = o.run_id",
        "$r = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag; Invoke-DagReplay $r.RunId a");

    [Fact]
    public void A_paused_run_and_its_node_are_paused() => Reads(
        "paused|paused",
        "SELECT r.status, n.status FROM dag_runs r JOIN node_executions n USING (run_id)",
        "New-Dag d { Add-DagNode a { $DagContext.Pause('x') } } | Invoke-Dag");

    [Fact]
    public void Edges_into_a_node_that_did_not_run_are_gone_along_all_the_same() => Reads(
        "a|b",
        "SELECT upstream_label, downstream_label FROM edge_traversals",
        "New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { throw 'no' } -After a; Add-DagNode c { 1 } -After b } | Invoke-Dag");

    [Fact]
    public void A_large_value_that_travels_is_stored_once()
    {
        Session.Run(
            "$null = New-Dag d { Add-DagNode a { 'x' * 1000000 }; Add-DagNode b { param($a) $a } -After a; "
            + "Add-DagNode c { param($a, $b) 1 } -After a, b; Add-DagNode e { param($a) 2 } -After a } | Invoke-Dag").Sound();

        Assert.InRange(Directory.GetFiles(Session.Folder.Path, "runs.db*").Sum(file => new FileInfo(file).Length), 1_000_000, 4_900_000);
    }

    [Fact]
    public async Task Two_sessions_use_one_database_at_once()
    {
        using var other = new ModuleSession(Session.Database);
        const string Script =
            "foreach ($i in 1..10) { $null = New-Dag d { Add-DagNode a { 1..5 }; Add-DagNode m -Map { $_ } -After a } | Invoke-Dag }";

        var both = Task.Run(() => other.Run(Script));
        Session.Run(Script).Sound();
        (await both).Sound();

        Gives("20 completed",
            "$r = Get-DagRun; \"$($r.Count) $(@($r.Status | ForEach-Object { $_ } | "
            + "Where-Object { $_ -ne 'completed' }).Count -eq 0 ? 'completed' : 'other')\"");
    }
}
