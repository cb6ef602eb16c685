using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>Inserts rows that give values for the same columns, one or several with a statement.</summary>
internal sealed class RowForm(SqliteConnection connection, string table, string columns) : IDisposable
{
    private const int RowsAtOnce = 16;

    private readonly string _values = $"(?{string.Concat(columns.Where(character => character == ',').Select(_ => ", ?"))}, ?)";
    private StoreStatement? _one;
    private StoreStatement? _several;
    private int _rows;

    // With a bare parameter as its limit, SQLite would compile the statement anew for each limit. If it did not roll back the transaction
    // after an error, it would first copy all pages that the statement changes.
    private string Several =>
        $"INSERT OR ROLLBACK INTO {table} (id, {columns}) "
        + $"SELECT * FROM (VALUES {string.Join(", ", Enumerable.Repeat(_values, RowsAtOnce))}) LIMIT ? + 0";

    /// <summary>Begins a transaction.</summary>
    public void Begin()
    {
        _rows = 0;
        // A transaction that failed may have left some parameters.
        _one?.Restart();
        _several?.Restart();
    }

    /// <summary>Begins a row that is inserted at once. SQLite gives it a key.</summary>
    public StoreStatement Row() => (_one ??= new(connection, $"INSERT INTO {table} (id, {columns}) VALUES {_values}")).With((long?)null);

    /// <summary>Inserts that row.</summary>
    /// <returns>Its key.</returns>
    public long Insert() => _one!.Insert();

    /// <summary>Begins a row that is inserted with others.</summary>
    public StoreStatement Row(long key) => (_several ??= new(connection, Several)).With(key);

    /// <summary>Adds that row to those that wait, and inserts them if there is no room for another.</summary>
    public void Add()
    {
        if (++_rows == RowsAtOnce)
            Flush();
    }

    /// <summary>Inserts the rows that wait.</summary>
    public void Flush()
    {
        if (_rows > 0)
            _several!.WithLast(_rows).Execute();
        _rows = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _one?.Dispose();
        _several?.Dispose();
    }
}
