using System.Text.Json;
using Lythonic.Dag.Provenance;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>Writes the keys by which the outputs of node runs are found.</summary>
internal sealed class ReuseStatements : IDisposable
{
    private readonly OtherWriters _others;
    private readonly Dictionary<string, long> _codes = [];
    private readonly StoreStatement _findCode;
    private readonly StoreStatement _insertCode;
    private readonly StoreStatement _insert;
    private readonly StoreStatement _insertOfRun;
    private readonly StoreStatement _isThere;
    private long _version = -1;

    public ReuseStatements(SqliteConnection connection, OtherWriters others)
    {
        _others = others;
        _findCode = new StoreStatement(connection, "SELECT id FROM reuse_code WHERE code_key = ?1");
        _insertCode = new StoreStatement(connection, "INSERT INTO reuse_code (code_key, parts_json) VALUES (?1, ?2)");
        _insert = new StoreStatement(connection, """
            INSERT OR REPLACE INTO node_reuse (reuse_key, ran_at, ran_in, code, inputs_json, node_run)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """);
        _isThere = new StoreStatement(connection, "SELECT 1 FROM node_reuse WHERE node_run = ?1 AND reuse_key = ?2");
        // The output of a sub-run is that of the latest attempt of its sink: an earlier process made it.
        _insertOfRun = new StoreStatement(connection, """
            INSERT OR REPLACE INTO node_reuse (reuse_key, ran_at, ran_in, code, inputs_json, node_run)
            SELECT ?1, ?2, ?3, ?4, ?5, id FROM node_run WHERE run = ?6 AND position = ?7 ORDER BY attempt DESC LIMIT 1
            """);
    }

    /// <summary>Writes the key by which the output of a node run is found.</summary>
    public void Write(ReuseRecord reuse, long nodeRun) => With(_insert, reuse).With(nodeRun).Execute();

    /// <summary>
    /// The node run whose row also stands for an element that reused its output, so that the same key is not stored twice. None if that
    /// node run has been removed meanwhile.
    /// </summary>
    public long? ReusedRow(ReuseRecord reuse) =>
        reuse is { Code.Count: 0, Of: { } of } && _isThere.With(of.Value).With(reuse.Key).Execute() is not null ? of.Value : null;

    /// <summary>Writes the key by which the output of a sub-run is found.</summary>
    public void Write(ReuseRecord reuse, SqliteRun run)
    {
        if (run.Sink is { Key: not 0 and var key })
        {
            Write(reuse, key);
            return;
        }

        var nodes = run.Definition.Nodes;
        var sink = Enumerable.Range(0, nodes.Count).First(position => nodes[position].IsSink);
        With(_insertOfRun, reuse).With(run.Key).With(sink).Execute();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _findCode.Dispose();
        _insertCode.Dispose();
        _insert.Dispose();
        _insertOfRun.Dispose();
        _isThere.Dispose();
    }

    /// <summary>The stored form of parts.</summary>
    public static string Listed(IReadOnlyList<ReusePart> parts) =>
        JsonSerializer.Serialize(parts.ToDictionary(part => part.Name, part => part.Hash));

    private StoreStatement With(StoreStatement statement, ReuseRecord reuse) => statement
        .With(reuse.Key).With(StoreStatements.Seconds(reuse.RanAt)).With(reuse.RanIn)
        .With(reuse.Code.Count == 0 ? null : CodeOf(reuse)).With(reuse.Code.Count == 0 ? null : Listed(reuse.Inputs));

    private long CodeOf(ReuseRecord reuse)
    {
        if (_others.Version != _version)
        {
            _codes.Clear();
            _version = _others.Version;
        }

        if (!_codes.TryGetValue(reuse.CodeKey, out var code))
            _codes[reuse.CodeKey] = code = _findCode.With(reuse.CodeKey).Execute()
                ?? _insertCode.With(reuse.CodeKey).With(Listed(reuse.Code)).Insert();
        return code;
    }
}
