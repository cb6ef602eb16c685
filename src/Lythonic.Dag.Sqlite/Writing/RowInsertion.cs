using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Inserts the rows of a transaction into a table that has the key <c>id</c>. For each statement SQLite opens the table and all of its
/// indexes, which costs more than some rows do: so where a transaction has many rows, one statement inserts several.
/// </summary>
internal sealed class RowInsertion(SqliteConnection connection, string table, string columns) : IDisposable
{
    private const int RowsAtOnce = 16;
    private const int Few = 4;

    private readonly string _values = $"(?{string.Concat(columns.Where(character => character == ',').Select(_ => ", ?"))}, ?)";
    private StoreStatement? _one;
    private StoreStatement? _several;
    private StoreStatement? _lastKey;
    private bool _areSeveral;
    private int _rows;
    private long _key;

    // With a bare parameter as its limit, SQLite would compile the statement anew for each limit. If it did not roll back the transaction
    // after an error, it would first copy all pages that the statement changes.
    private string Several =>
        $"INSERT OR ROLLBACK INTO {table} (id, {columns}) "
        + $"SELECT * FROM (VALUES {string.Join(", ", Enumerable.Repeat(_values, RowsAtOnce))}) LIMIT ? + 0";

    private StoreStatement Statement => _areSeveral ? _several! : _one!;

    /// <summary>Begins a transaction. Until its end, nobody else inserts into the table.</summary>
    /// <param name="rows">About how many rows it will insert.</param>
    public void Begin(int rows)
    {
        _areSeveral = rows >= Few;
        _rows = 0;
        if (_areSeveral)
        {
            _several ??= new(connection, Several);
            _key = (_lastKey ??= new(connection, $"SELECT max(id) FROM {table}")).Execute() ?? 0;
        }
        else
        {
            _one ??= new(connection, $"INSERT INTO {table} (id, {columns}) VALUES {_values}");
        }

        // A transaction that failed may have left some parameters.
        Statement.Restart();
    }

    /// <summary>Begins a row: give its values in the order of the columns, then call <see cref="Add"/>.</summary>
    public StoreStatement Row() => Statement.With(_areSeveral ? ++_key : (long?)null);

    /// <summary>Adds the row. It may be in the table only after <see cref="Flush"/>.</summary>
    /// <returns>Its key.</returns>
    public long Add()
    {
        if (!_areSeveral)
            return _one!.Insert();
        if (++_rows == RowsAtOnce)
            Flush();
        return _key;
    }

    /// <summary>Inserts the rows that were added.</summary>
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
        _lastKey?.Dispose();
    }
}
