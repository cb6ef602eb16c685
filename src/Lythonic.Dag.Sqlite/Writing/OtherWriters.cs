using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Notices that another connection wrote to the database. It may have removed runs, and with them rows whose keys the writer knows. It
/// cannot write during a transaction of the writer, so one look in each transaction is enough.
/// </summary>
internal sealed class OtherWriters(SqliteConnection connection) : IDisposable
{
    private readonly StoreStatement _dataVersion = new(connection, "PRAGMA data_version");
    private long? _version;

    /// <summary>Another number than before, if another connection has written since the transaction before this one.</summary>
    public long Version => _version ??= _dataVersion.Execute()!.Value;

    /// <summary>Begins a transaction.</summary>
    public void Begin() => _version = null;

    /// <inheritdoc/>
    public void Dispose() => _dataVersion.Dispose();
}
