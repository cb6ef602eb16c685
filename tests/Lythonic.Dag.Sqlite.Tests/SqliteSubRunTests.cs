using Lythonic.Dag.Tests.Contract;

namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>Sub-runs, kept in a SQLite file.</summary>
public sealed class SqliteSubRunTests : StoreSubRunContract, IDisposable
{
    private readonly StoreFolder _folder = new();

    public SqliteSubRunTests() => Store = new SqliteProvenance(_folder.Database);

    protected override DagProvenance Store { get; }

    public void Dispose()
    {
        Store.Dispose();
        _folder.Dispose();
    }
}
