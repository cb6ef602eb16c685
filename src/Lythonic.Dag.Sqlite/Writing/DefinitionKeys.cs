using Lythonic.Dag.Provenance;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>The keys of definitions. A definition is written once, and removed with the last root run that uses it.</summary>
internal sealed class DefinitionKeys(SqliteConnection connection, OtherWriters others) : IDisposable
{
    private const string UseSql = "INSERT OR IGNORE INTO definition_use (root, definition) VALUES (?1, ?2)";

    private readonly StoreStatement _use = new(connection, UseSql);
    private readonly Dictionary<string, long> _keys = [];
    private long _version = -1;

    /// <summary>Returns the key of a definition, and inserts the definition if it is new.</summary>
    public long Define(DagDefinition definition)
    {
        if (others.Version != _version)
        {
            _keys.Clear();
            _version = others.Version;
        }

        if (!_keys.TryGetValue(definition.Fingerprint, out var key))
            _keys[definition.Fingerprint] = key = Define(connection, null, definition);
        return key;
    }

    /// <summary>Writes that a root run uses the definition of a run inside it, which has a key, unless that is written already.</summary>
    public void Use(SqliteRun run)
    {
        if (run.Root.Uses(run.DefinitionKey))
            _use.With(run.Root.Key).With(run.DefinitionKey).Execute();
    }

    /// <summary>Writes that a root run uses its definition. In the same transaction, both have got their keys.</summary>
    public static void Use(SqliteConnection connection, SqliteRun root)
    {
        using var use = new StoreStatement(connection, UseSql);
        use.With(root.Key).With(root.DefinitionKey).Execute();
    }

    /// <inheritdoc/>
    public void Dispose() => _use.Dispose();

    /// <inheritdoc cref="Define(DagDefinition)"/>
    public static long Define(SqliteConnection connection, SqliteTransaction? transaction, DagDefinition definition)
    {
        using var find = StoreStatements.Command(
            connection, transaction, "SELECT id FROM definition WHERE fingerprint = $1", definition.Fingerprint);
        if (find.ExecuteScalar() is long known)
            return known;
        using var insert = new StoreStatement(connection, "INSERT INTO definition (dag_name, fingerprint) VALUES (?1, ?2)");
        var key = insert.With(definition.DagName).With(definition.Fingerprint).Insert();
        using var node = new StoreStatement(connection, "INSERT INTO definition_node VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        for (var position = 0; position < definition.Nodes.Count; position++)
        {
            var (label, kind, isSource, isSink, fingerprint) = definition.Nodes[position];
            node.With(key).With(position).With(label).With((int)kind).With(isSource ? 1 : 0).With(isSink ? 1 : 0).With(fingerprint)
                .Execute();
        }

        using var edge = new StoreStatement(
            connection, "INSERT INTO definition_edge (definition, upstream, downstream) VALUES (?1, ?2, ?3)");
        foreach (var (from, to) in definition.Edges)
            edge.With(key).With(from).With(to).Execute();
        return key;
    }
}
