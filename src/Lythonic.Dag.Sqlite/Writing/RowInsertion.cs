using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Inserts the rows of a transaction into a table that has the key <c>id</c>. For each statement SQLite opens the table and all of its
/// indexes, which costs more than some rows do: so where a transaction has many rows, one statement inserts several. Most rows give values
/// for few of the columns, and leave out the others: so there are several forms of rows.
/// </summary>
/// <param name="connection">An open connection, which outlives this object.</param>
/// <param name="table">The table.</param>
/// <param name="forms">The columns of each form. A column that a form leaves out has its default value.</param>
internal sealed class RowInsertion(SqliteConnection connection, string table, params string[] forms) : IDisposable
{
    private const int Few = 4;

    private readonly RowForm[] _forms = [.. forms.Select(columns => new RowForm(connection, table, columns))];
    private StoreStatement? _lastKey;
    private RowForm? _form;
    private bool _areSeveral;
    private long _key;

    /// <summary>Begins a transaction. Until its end, nobody else inserts into the table.</summary>
    /// <param name="rows">About how many rows it will insert.</param>
    public void Begin(int rows)
    {
        _areSeveral = rows >= Few;
        if (_areSeveral)
            _key = (_lastKey ??= new(connection, $"SELECT max(id) FROM {table}")).Execute() ?? 0;
        foreach (var form in _forms)
            form.Begin();
    }

    /// <summary>Begins a row: give its values in the order of the columns of its form, then call <see cref="Add"/>.</summary>
    /// <param name="form">The number of the form.</param>
    public StoreStatement Row(int form)
    {
        _form = _forms[form];
        return _areSeveral ? _form.Row(++_key) : _form.Row();
    }

    /// <summary>Adds the row. It may be in the table only after <see cref="Flush"/>.</summary>
    /// <returns>Its key.</returns>
    public long Add()
    {
        if (!_areSeveral)
            return _form!.Insert();
        _form!.Add();
        return _key;
    }

    /// <summary>Inserts the rows that were added.</summary>
    public void Flush()
    {
        foreach (var form in _forms)
            form.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var form in _forms)
            form.Dispose();
        _lastKey?.Dispose();
    }
}
