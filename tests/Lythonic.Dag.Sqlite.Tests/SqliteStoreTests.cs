using Lythonic.Dag.Tests.Contract;

namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>The contract of every store, kept in a SQLite file.</summary>
public sealed class SqliteStoreTests : StoreRunContract, IDisposable
{
    private readonly StoreFolder _folder = new();

    public SqliteStoreTests() => Store = new SqliteProvenance(_folder.Database);

    protected override DagProvenance Store { get; }

    public void Dispose()
    {
        Store.Dispose();
        _folder.Dispose();
    }
}
