using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lythonic.Dag.Benchmarks;

/// <summary>What is measured.</summary>
internal static class Figures
{
    private const string Map = """
        param($count, $database)
        $options = if ($database) { @{ DatabasePath = $database } } else { @{ NoProvenance = $true } }
        $dag = New-Dag bench { Add-DagNode list { param([int]$n) 1..$n } -OutputType ([int[]]);
            Add-DagNode map -Map { param($x) $x + 1 } -After list }
        $run = $dag | Invoke-Dag -SourceInput @{ n = $count } @options
        if ($run.Status -ne 'completed' -or $run.Outputs['map'].Count -ne $count) { throw "The run is $($run.Status)." }
        """;

    private const string Parallel =
        "param($count) $all = 1..$count | ForEach-Object -Parallel { $_ + 1 }; if ($all.Count -ne $count) { throw 'lost' }";

    private const string DefineChain = """
        param($count, $database)
        $dag = New-Dag chain
        $dag | Add-DagNode n0 { param([int]$start = 0) $start } -OutputType ([int])
        foreach ($i in 1..($count - 1)) { $dag | Add-DagNode "n$i" { param([int]$x) $x + 1 } -After "n$($i - 1)" -OutputType ([int]) }
        """;

    private const string RunChain = """

        $run = $dag | Invoke-Dag -DatabasePath $database
        if ($run.Outputs["n$($count - 1)"] -ne $count - 1) { throw "The run is $($run.Status)." }
        """;

    private const string DefineMethodChain = """
        param($count)
        $next = [Math].GetMethod('Abs', [type[]]@([int]))
        $dag = New-Dag chain
        $dag | Add-DagNode n0 { 1 } -OutputType ([int])
        foreach ($i in 1..($count - 1)) { $dag | Add-DagNode "n$i" -Method $next -After "n$($i - 1)" }
        """;

    private const string RunMethodChain = """
        param($database, $durability)
        $options = if ($database) { @{ DatabasePath = $database; Durability = $durability } } else { @{ NoProvenance = $true } }
        $run = $dag | Invoke-Dag @options
        if ($run.Status -ne 'completed') { throw "The run is $($run.Status)." }
        """;

    private const string DefineFanOut = """
        param($count)
        $dag = New-Dag fan
        $dag | Add-DagNode start { 1 } -OutputType ([int])
        $double = [Math].GetMethod('Abs', [type[]]@([int]))
        foreach ($i in 1..$count) { $dag | Add-DagNode "n$i" -Method $double -After start }
        """;

    private const string RunFanOut = """
        param($database)
        $run = $dag | Invoke-Dag -DatabasePath $database
        if ($run.Status -ne 'completed') { throw "The run is $($run.Status)." }
        """;

    private const string Loop = """
        param($count, $database)
        $options = if ($database) { @{ DatabasePath = $database } } else { @{ NoProvenance = $true } }
        $dag = New-Dag one { Add-DagNode a { 1 } }
        for ($i = 0; $i -lt $count; $i++) { $run = Invoke-Dag $dag @options; if ($run.Status -ne 'completed') { throw 'lost' } }
        """;

    /// <summary>The argument that picks what <see cref="Store"/> measures.</summary>
    public const string Durability = "durability";

    private static int _file;

    /// <summary>Every figure, in the order of the table.</summary>
    public static IEnumerable<Figure> All(ModuleRunspace module)
    {
        string Database() => Path.Combine(module.Folder, $"{Interlocked.Increment(ref _file)}.db");
        void MapOf(int count, bool kept) => module.Run(Map, ("count", count), ("database", kept ? Database() : ""));
        void ParallelOf(int count) => module.Run(Parallel, ("count", count));
        yield return new("map of 10,000 scriptblock elements, with provenance", 10_000, () => MapOf(10_000, true),
            LineFigures.PeerOf(LineFigures.PeerCount), LineFigures.PeerCount, () => ParallelOf(LineFigures.PeerCount));
        yield return new("map of 10,000 scriptblock elements, without provenance", 10_000, () => MapOf(10_000, false),
            LineFigures.PeerOf(LineFigures.PeerCount), LineFigures.PeerCount, () => ParallelOf(LineFigures.PeerCount));
        yield return new("map of 100,000 elements, with provenance, against 10,000", 100_000, () => MapOf(100_000, true), "10,000 elements",
            10_000, () => MapOf(10_000, true));
        yield return new("run of a one-node DAG in a loop of 1,000, with provenance", 1_000,
            () => module.Run(Loop, ("count", 1_000), ("database", Database())), "two transactions of a row", 1_000,
            () => Rows(Database(), 1_000, 2, 2_000));
        yield return new("run of a one-node DAG in a loop of 1,000, without provenance", 1_000,
            () => module.Run(Loop, ("count", 1_000), ("database", "")));
        foreach (var figure in LineFigures.All(module, Database)
            .Concat(ReuseFigures.All(module, Database)).Concat(CompositeFigures.All(module, Database)))
            yield return figure;
        yield return new("chain of 1,000 scriptblock nodes, with provenance", 1_000,
            () => module.Run("param($count, $database)" + RunChain, ("count", 1_000), ("database", Database())),
            "a row as a transaction of its own", 1_000, () => Rows(Database(), 1_000, 1, 1_000))
        {
            Prepare = () => module.Run(DefineChain, ("count", 1_000), ("database", "")),
        };
        yield return new("chain of 20,000 nodes against 1,000, building included", 20_000,
            () => module.Run(DefineChain + RunChain, ("count", 20_000), ("database", Database())), "1,000 nodes", 1_000, () =>
            module.Run(DefineChain + RunChain, ("count", 1_000), ("database", Database())));
        yield return new("fan-out of 2,000 method nodes, with provenance", 2_000, () => module.Run(RunFanOut, ("database", Database())),
            "two rows, in one transaction", 2_000, () => Rows(Database(), 2_000, 2, 1))
        {
            Prepare = () => module.Run(DefineFanOut, ("count", 2_000)),
        };
    }

    /// <summary>What the store costs a node of a chain, and how large a node is in the database: lines of the table too.</summary>
    public static IEnumerable<string> Store(ModuleRunspace module, int rounds)
    {
        const int Nodes = 1_000;
        string Database() => Path.Combine(module.Folder, $"{Interlocked.Increment(ref _file)}.db");
        void Define() => module.Run(DefineMethodChain, ("count", Nodes));
        string ChainOf(string path, string durability)
        {
            module.Run(RunMethodChain, ("database", path), ("durability", durability));
            return path;
        }

        var bare = new Figure("", Nodes, () => ChainOf("", "Normal")) { Prepare = Define };
        foreach (var (durability, synchronous) in ((string, string)[])[("Normal", "NORMAL"), ("Full", "FULL")])
        {
            var kept = new Figure(
                $"chain of {Nodes:N0} method nodes, -Durability {durability}", Nodes, () => ChainOf(Database(), durability),
                "a row as a transaction of its own", Nodes, () => Rows(Database(), Nodes, 1, Nodes, synchronous))
            {
                Prepare = Define,
            };
            yield return kept.Measure(rounds);
            yield return $"| the same over the same without provenance | {kept.Ours - bare.MeasureOurs(rounds):N1} µs each | | | |";
        }

        var chain = SizeOf(ChainOf(Database(), "Normal"));
        var path = Database();
        module.Run(Map, ("count", 10 * Nodes), ("database", path));
        var floor = Database();
        Rows(floor, Nodes, 1, 1, "NORMAL");
        yield return
            $"| database size, chain of {Nodes:N0} nodes | {chain / Nodes:N0} bytes each | a bare row: {SizeOf(floor) / Nodes:N0} bytes | "
            + $"| |";
        yield return $"| database size, map of {10 * Nodes:N0} elements | {SizeOf(path) / (10 * Nodes):N0} bytes each | | | |";
    }

    /// <summary>Transactions of a row each.</summary>
    public static void Commits(string path, int count, string synchronous) => Rows(path, count, 1, count, synchronous);

    // What is still in the log belongs to the database.
    private static long SizeOf(string path)
    {
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }

        return new FileInfo(path).Length;
    }

    /// <summary>The floor: rows of the size of a node run, by the same library and settings.</summary>
    private static void Rows(string path, int count, int rowsEach, int transactions, string synchronous = "NORMAL")
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        raw.sqlite3_busy_timeout(connection.Handle, 60_000);
        Execute(connection,
            $"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; "
            + "CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, run INTEGER, label TEXT, status TEXT, "
            + "a REAL, b REAL, input TEXT, output TEXT) STRICT");
        for (var transaction = 0; transaction < transactions; transaction++)
        {
            using var scope = connection.BeginTransaction();
            using var insert = connection.CreateCommand();
            insert.Transaction = scope;
            insert.CommandText =
                "INSERT INTO t(run, label, status, a, b, input, output) VALUES (1, $label, 'completed', 1.5, 2.5, '{\"value\":1}', '1')";
            var label = insert.Parameters.Add("$label", SqliteType.Text);
            insert.Prepare();
            for (var row = 0; row < count * rowsEach / transactions; row++)
            {
                label.Value = $"n{row}";
                insert.ExecuteNonQuery();
            }

            scope.Commit();
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
