using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Benchmarks;

/// <summary>What reusing the outputs of elements costs, compared with running the elements, which do next to nothing.</summary>
internal static class ReuseFigures
{
    private const int Count = 10_000;

    private const string Line = """
        param($count, $extra, $database)
        $all = @(1..$count; $extra) | Invoke-DagMap { $_ + 1 } -Reuse -DatabasePath $database
        if ($all.Count -ne $count + 1) { throw 'lost' }
        """;

    private const string Map = """
        param($count, $extra, $database)
        $dag = New-Dag bench { Add-DagNode list { param([int]$n, [int]$extra) 1..$n; $extra } -OutputType ([int[]]);
            Add-DagNode map -Map { param($x) $x + 1 } -After list -Reuse }
        $run = $dag | Invoke-Dag -SourceInput @{ n = $count; extra = $extra } -DatabasePath $database
        if ($run.Status -ne 'completed' -or $run.Outputs['map'].Count -ne $count + 1) { throw "The run is $($run.Status)." }
        """;

    private static int _extra = 2 * Count;

    /// <summary>Every figure, in the order of the table.</summary>
    public static IEnumerable<Figure> All(ModuleRunspace module, Func<string> database)
    {
        yield return Of("an Invoke-DagMap", Line, module, database);
        yield return Of("a map", Map, module, database);
        yield return OverFloor(module, database);
    }

    private static void Run(string script, string path, ModuleRunspace module) =>
        module.Run(script, ("count", Count), ("extra", _extra++), ("database", path));

    private static Figure Of(string what, string script, ModuleRunspace module, Func<string> database)
    {
        var (full, next) = ("", "");
        void Run(string path) => ReuseFigures.Run(script, path, module);
        return new(
            $"10,000 of 10,001 elements of {what} reused, against running them", Count, () => Run(full), "running", Count, () => Run(next))
        {
            Prepare = () =>
            {
                next = database();
                if (full.Length > 0)
                    return;
                full = database();
                Run(full);
            },
        };
    }

    private static Figure OverFloor(ModuleRunspace module, Func<string> database)
    {
        var (full, floor) = (database(), database());
        Run(Map, full, module);
        return new(
            "10,000 of 10,001 elements of a map reused, over what none can do without", Count, () => Run(Map, full, module),
            "a hash, a look in an index and two rows, in one transaction", Count, () => Floor(floor));
    }

    /// <summary>The floor: what a reused element with provenance takes at least, by the same library and settings.</summary>
    private static void Floor(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        SqliteCommand Prepared(string sql, params (string Name, SqliteType Type)[] parameters)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, type) in parameters)
                command.Parameters.Add(name, type);
            return command;
        }

        using (var schema = Prepared("""
            PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
            CREATE TABLE IF NOT EXISTS reuse(key BLOB PRIMARY KEY, node INTEGER) STRICT, WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, of INTEGER, label TEXT, status TEXT, a REAL, b REAL, input TEXT) STRICT;
            """))
            schema.ExecuteNonQuery();
        using var transaction = connection.BeginTransaction();
        using var find = Prepared("SELECT node FROM reuse WHERE key = $key", ("$key", SqliteType.Blob));
        using var keep = Prepared("INSERT INTO reuse VALUES ($key, $node)", ("$key", SqliteType.Blob), ("$node", SqliteType.Integer));
        using var add = Prepared(
            "INSERT INTO t(of, label, status, a, b, input) VALUES ($of, 'map', 'completed', 1.5, 2.5, $input)",
            ("$of", SqliteType.Integer), ("$input", SqliteType.Text));
        foreach (var command in (SqliteCommand[])[find, keep, add])
            command.Transaction = transaction;
        for (var element = 1; element <= Count; element++)
        {
            var key = SHA256.HashData(Encoding.UTF8.GetBytes($"{{\"code\":1,\"value\":{element}}}"));
            find.Parameters[0].Value = key;
            var node = find.ExecuteScalar();
            if (node is null)
            {
                // Only the first round, which is not measured, has nothing to take.
                (keep.Parameters[0].Value, keep.Parameters[1].Value) = (key, element);
                keep.ExecuteNonQuery();
                node = element;
            }

            (add.Parameters[0].Value, add.Parameters[1].Value) = (node, $"{element}");
            add.ExecuteNonQuery();
            add.ExecuteNonQuery();
        }

        transaction.Commit();
    }
}
