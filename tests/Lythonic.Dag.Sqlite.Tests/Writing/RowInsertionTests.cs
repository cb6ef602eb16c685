using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>Transactions that insert more rows than one statement takes.</summary>
public sealed class RowInsertionTests : IDisposable
{
    private const int Count = 40;

    private static readonly DagDefinition Shape = new("d", "F", [new NodeDefinition("a", NodeKind.Method, true, true, "f")], []);
    private static readonly DateTimeOffset At = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly StoreFolder _folder = new();
    private readonly SqliteProvenance _store;
    private readonly RunHandle _root;

    public RowInsertionTests()
    {
        _store = new(_folder.Database);
        _store.EnsureWritable();
        _root = _store.CreateRun(new RunStart("r", "d", Shape, At));
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_row_has_its_own_values_and_what_the_same_transaction_adds_to_it()
    {
        for (var element = 0; element < Count; element++)
        {
            var child = Begin($"s{element}", element);
            var node = _store.StartNode(child, new NodeStart(0, 1, At, null) { Waits = "soon", WaitsUntil = At.AddSeconds(element) });
            if (element % 3 == 0)
                _store.RecordElementCount(node, element);
            if (element % 5 == 0)
                _store.EndRun(child, new RunEnd(DagRunStatus.Paused, At) { MetConditions = [$"c{element}"] });
        }

        await _store.FlushAsync();

        Assert.Equal($"{Count}", _folder.Query($"""
            SELECT count(*) FROM run r JOIN run p ON p.id = r.parent AND p.run_id = 'r' JOIN node_run n ON n.run = r.id
            WHERE r.run_id = 's' || r.ordinal AND n.waits_until = {At.ToUnixTimeSeconds()} + r.ordinal
                AND n.element_count IS iif(r.ordinal % 3 = 0, r.ordinal, NULL)
                AND r.conditions_met IS iif(r.ordinal % 5 = 0, '["c' || r.ordinal || '"]', NULL)
            """));
    }

    [Fact]
    public async Task Rows_that_have_more_than_most_are_inserted_among_those_that_have_not()
    {
        for (var element = 0; element < Count; element++)
        {
            var (child, hasMore) = (Begin($"s{element}", element), element % 3 == 0);
            var errors = hasMore ? new ErrorCounts(element + 1, 1, 2) : default;
            var error = hasMore ? $"e{element}" : null;
            var node = _store.StartNode(child, new NodeStart(0, 1, At, null) { Host = hasMore ? $"h{element}" : null });
            _store.EndNode(node, new NodeEnd(NodeStatus.Completed, At, new EncodedValue($"{element}"), error) { Errors = errors });
            _store.EndRun(child, new RunEnd(DagRunStatus.Completed, At, null, error) { Errors = errors });
        }

        await _store.FlushAsync();

        Assert.Equal($"{Count}", _folder.Query("""
            SELECT count(*) FROM run r JOIN node_run n ON n.run = r.id JOIN run p ON p.id = r.parent AND p.run_id = 'r'
            WHERE r.run_id = 's' || r.ordinal AND n.output_json = r.ordinal AND r.status = 'completed' AND n.status = 'completed'
                AND r.error IS iif(r.ordinal % 3 = 0, 'e' || r.ordinal, NULL) AND n.error IS r.error
                AND n.host IS iif(r.ordinal % 3 = 0, 'h' || r.ordinal, NULL)
                AND (r.error_count, r.failed_elements, r.elements)
                    = (SELECT iif(f, r.ordinal + 1, 0), iif(f, 1, 0), iif(f, 2, 0) FROM (SELECT r.ordinal % 3 = 0 AS f))
                AND (n.error_count, n.failed_elements, n.elements) = (r.error_count, r.failed_elements, r.elements)
            """));
    }

    [Fact]
    public async Task If_a_row_is_refused_nothing_after_it_is_inserted()
    {
        await _store.FlushAsync();
        for (var element = 0; element < Count; element++)
            Begin(element == Count / 2 ? "s1" : $"s{element}", element);

        await Assert.ThrowsAsync<DagException>(() => _store.FlushAsync().AsTask());

        Assert.DoesNotContain("s21", _folder.Query("SELECT group_concat(run_id) FROM run"), StringComparison.Ordinal);
    }

    private RunHandle Begin(string runId, int element) =>
        _store.CreateRun(new RunStart(runId, $"d/m[{element}]", Shape, At) { Parent = _root, ParentNode = "m", Ordinal = element });
}
