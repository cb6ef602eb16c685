using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>Questions are answered by index: no plan walks over all runs, or sorts them.</summary>
public sealed class QueryPlanTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public QueryPlanTests()
    {
        using var store = new SqliteProvenance(_folder.Database);
        store.EnsureWritable();
    }

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, RunQuery> Queries => new()
    {
        { "run_recent", new RunQuery() },
        { "run_recent", new RunQuery { First = 10 } },
        { "run_path", new RunQuery { DagNames = ["etl"], First = 10 } },
        { "run_status", new RunQuery { Statuses = [DagRunStatus.Failed], First = 10 } },
        { "run_status", new RunQuery { Statuses = [DagRunStatus.Running] } },
        { "run_recent", new RunQuery { Since = DateTimeOffset.UtcNow, Until = DateTimeOffset.UtcNow } },
        { "run_recent", new RunQuery { Tags = ["nightly"], First = 10 } },
        { "run_started", new RunQuery { IncludeSubRuns = true, First = 10 } },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public void Runs_are_found_by_index(string index, RunQuery query)
    {
        var plan = PlanOf(StoreReader.SqlOf(query));

        Assert.True(plan.Contains($"USING INDEX {index}", StringComparison.Ordinal), plan);
        Assert.False(plan.Contains("TEMP B-TREE FOR ORDER BY", StringComparison.Ordinal), plan);
    }

    [Fact]
    public void A_run_is_found_by_its_id_and_by_a_prefix_of_it_by_index()
    {
        foreach (var plan in (string[])[
            PlanOf((StoreReader.ByIdSql, ["a", "b"])), PlanOf((StoreReader.ByPrefixSql, ["a", "b", "c", "d", 9]))])
            AssertNoScan(plan);
    }

    [Fact]
    public void Who_watches_a_run_reads_what_is_new_by_key_and_what_is_in_flight_by_index()
    {
        var fresh = PlanOf((WatchReader.NewSql, [1, 2, 3]));
        AssertNoScan(fresh);
        Assert.Contains("INTEGER PRIMARY KEY (rowid>?)", fresh, StringComparison.Ordinal);
        Assert.Contains("INTEGER PRIMARY KEY (rowid>? AND rowid<?)", fresh, StringComparison.Ordinal);
        Assert.Contains("INTEGER PRIMARY KEY (rowid=?)", PlanOf((WatchReader.SomeSql, ["[1]"])), StringComparison.Ordinal);
        var speaking = PlanOf((WatchReader.SpeakingSql, [1, 2, "[3]"]));
        Assert.Contains("SEARCH n USING INTEGER PRIMARY KEY (rowid>?)", speaking, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN n", speaking, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN s", speaking, StringComparison.Ordinal);
        Assert.Contains("USING INDEX node_run_waiting (run=?)", PlanOf((WatchReader.WaitsSql, ["[1]"])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StoreReader.UnfinishedSql, "run_unfinished")]
    [InlineData(SubRunReader.ErrorsSql, "run_errors")]
    public void What_is_left_of_a_map_is_found_without_a_walk_over_what_has_completed(string sql, string index) =>
        Assert.Contains($"USING INDEX {index} (parent=? AND parent_node=?)", PlanOf((sql, [1, "m"])), StringComparison.Ordinal);

    [Fact]
    public void The_first_elements_that_failed_are_found_without_a_walk_over_what_has_completed() => Assert.Contains(
        "USING INDEX run_unfinished (parent=? AND parent_node=?)", PlanOf((StoreReader.FailedSql, [1, "m", 10])), StringComparison.Ordinal);

    [Fact]
    public void Sub_runs_are_found_by_a_prefix_in_the_order_of_the_index()
    {
        var plan = PlanOf((StoreReader.SubRunsByPrefixSql, ["a", "b", 9]));

        AssertNoScan(plan);
        Assert.Contains("(run_id>? AND run_id<?)", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT * FROM dag_runs WHERE run_id = 'a'")]
    [InlineData("SELECT * FROM dag_runs WHERE parent_run_id = 'a'")]
    [InlineData("SELECT * FROM node_executions WHERE run_id = 'a'")]
    [InlineData("SELECT * FROM node_executions WHERE run_id = 'a' AND node_label = 'b'")]
    [InlineData("SELECT * FROM edge_traversals WHERE run_id = 'a'")]
    public void The_public_relations_are_read_by_index(string sql) => AssertNoScan(PlanOf((sql, [])));

    [Theory]
    [InlineData(ReuseLookup.FindSql)]
    [InlineData(ReuseLookup.FindKeptSql)]
    [InlineData(ReuseLookup.FindHeirSql)]
    public void An_output_that_may_be_taken_is_one_lookup_in_an_index(string sql)
    {
        var plan = PlanOf((sql.Replace('?', '$'), ["a", 1.0]));

        AssertNoScan(plan);
        Assert.Contains("USING INDEX node_reuse_key (reuse_key=?", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void The_runs_that_a_map_reuses_are_found_by_index() => AssertNoScan(PlanOf((ReuseReader.OriginsSql, ["a", "m"])));

    [Fact]
    public void The_newest_replay_of_a_run_is_found_by_index()
    {
        var plan = PlanOf((StoreReader.ReplaySql, ["a"]));

        Assert.Contains("USING INDEX run_replay (replayed_from=?)", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void Whether_a_shape_is_used_is_one_lookup_in_an_index() => Assert.Contains(
        "USING COVERING INDEX definition_use_definition (definition=?)",
        PlanOf(($"SELECT 1 FROM definition AS old_definition WHERE {RunRemoval.IsUsed}", [])), StringComparison.Ordinal);

    [Theory]
    [InlineData(RunClaim.StoppedSql)]
    [InlineData(RunClaim.CancelSql)]
    [InlineData(RunClaim.KeepConditionsSql)]
    [InlineData(RunClaim.DropWaitingSql)]
    public void A_claim_reads_what_is_in_flight_and_no_other_rows(string sql) => AssertNoScan(PlanOf((sql, [1, 2.0, "e"])));

    [Theory]
    [InlineData(RunRemoval.PassOn)]
    [InlineData(RunRemoval.FindUnusedCode)]
    public void A_removal_reads_none_of_the_outputs_that_stay(string sql)
    {
        var plan = PlanOf((sql, []), RunRemoval.TemporaryTables);

        Assert.DoesNotMatch("SCAN (node_reuse|u)\\b", plan);
        Assert.Matches("SEARCH (node_reuse|u) USING", plan);
    }

    private static void AssertNoScan(string plan) => Assert.DoesNotMatch("SCAN (r|run|n|node_run|d|p|o|e)\\b(?! USING)", plan);

    private string PlanOf((string Sql, object?[] Values) query, string before = "SELECT 1")
    {
        using var connection = _folder.Open();
        using var first = StoreStatements.Command(connection, null, before);
        first.ExecuteNonQuery();
        using var command = StoreStatements.Command(connection, null, $"EXPLAIN QUERY PLAN {query.Sql}", query.Values);
        using var row = command.ExecuteReader();
        var plan = new List<string>();
        while (row.Read())
            plan.Add(row.GetString(3));
        return string.Join('\n', plan);
    }
}
