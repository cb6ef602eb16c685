using System.Text;
using Lythonic.Dag.Values;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// A prepared statement that takes its parameters, <c>?1</c> and so on, in order, and gives at most one number. A command would find each
/// parameter by its name and make a reader each time it is executed, which costs more than the row that it inserts. SQLite keeps the
/// parameters from one execution to the next: one that does not change is not passed again.
/// </summary>
internal sealed class StoreStatement : IDisposable
{
    private const int LeastKept = 1_024;
    private const int MostKept = 65_536;
    private const int LongestRemembered = 256;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly Parameter[] _parameters;
    private byte[] _text = new byte[LeastKept];
    private bool _hasLong;
    private int _position;

    /// <summary>Prepares a statement.</summary>
    /// <param name="connection">An open connection, which outlives the statement.</param>
    /// <param name="sql">One statement, with numbered parameters.</param>
    /// <exception cref="SqliteException">SQLite refuses it.</exception>
    public StoreStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(
            raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement), _database);
        _parameters = new Parameter[raw.sqlite3_bind_parameter_count(_statement)];
    }

    /// <summary>Gives the next parameter.</summary>
    public StoreStatement With(long value)
    {
        ref var parameter = ref _parameters[_position++];
        if (parameter.Kind == ParameterKind.Number && parameter.Number == value)
            return this;
        parameter = new(ParameterKind.Number, value, null);
        return Given(raw.sqlite3_bind_int64(_statement, _position, value));
    }

    /// <inheritdoc cref="With(long)"/>
    public StoreStatement With(long? value) => value is { } number ? With(number) : WithNull();

    /// <inheritdoc cref="With(long)"/>
    public StoreStatement With(double value)
    {
        _parameters[_position++].Kind = ParameterKind.Unknown;
        return Given(raw.sqlite3_bind_double(_statement, _position, value));
    }

    /// <inheritdoc cref="With(long)"/>
    public StoreStatement With(double? value) => value is { } number ? With(number) : WithNull();

    /// <inheritdoc cref="With(long)"/>
    public StoreStatement With(string? value)
    {
        if (value is null)
            return WithNull();
        ref var parameter = ref _parameters[_position++];
        if (parameter.Kind == ParameterKind.Text && parameter.Text == value)
            return this;
        parameter = value.Length <= LongestRemembered ? new(ParameterKind.Text, 0, value) : new(ParameterKind.Unknown, 0, null);
        if (Encoding.UTF8.GetMaxByteCount(value.Length) > _text.Length && Encoding.UTF8.GetByteCount(value) is var needed
            && needed > _text.Length)
            _text = new byte[Math.Max(needed, 2 * _text.Length)];
        var length = Encoding.UTF8.GetBytes(value, _text);
        return Given(raw.sqlite3_bind_text(_statement, _position, _text.AsSpan(0, length)));
    }

    /// <summary>Gives the next parameter, a text as UTF-8.</summary>
    public StoreStatement With(ReadOnlySpan<byte> utf8)
    {
        _parameters[_position++].Kind = ParameterKind.Unknown;
        return Given(raw.sqlite3_bind_text(_statement, _position, utf8), utf8.Length);
    }

    /// <summary>Gives the next parameter, the text of a value that is in one piece.</summary>
    public StoreStatement With(EncodedValue? value) => value?.Text is { } text ? With(text.Bytes.FirstSpan) : With(value?.Json);

    /// <summary>Gives the next three parameters.</summary>
    public StoreStatement With(ErrorCounts counts) => With(counts.All).With(counts.Failed).With(counts.Elements);

    /// <summary>Gives the last parameter, even if some before it were not given: these have any values.</summary>
    public StoreStatement WithLast(long value)
    {
        _position = _parameters.Length - 1;
        return With(value);
    }

    /// <summary>Forgets that parameters were given: the next one is the first.</summary>
    public void Restart() => _position = 0;

    /// <summary>Executes the statement with the parameters. Give all of them again before the next time, changed or not.</summary>
    /// <returns>The number in the first column of the first row, or <see langword="null"/> if there is no row.</returns>
    /// <exception cref="SqliteException">SQLite refuses it.</exception>
    public long? Execute()
    {
        var result = raw.sqlite3_step(_statement);
        long? value = result == raw.SQLITE_ROW ? raw.sqlite3_column_int64(_statement, 0) : null;
        try
        {
            if (result is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
                SqliteException.ThrowExceptionForRC(result, _database);
        }
        finally
        {
            raw.sqlite3_reset(_statement);
            _position = 0;
            Shrink();
        }

        return value;
    }

    /// <summary>Executes an insertion.</summary>
    /// <returns>The key of the row.</returns>
    /// <exception cref="SqliteException">SQLite refuses it.</exception>
    public long Insert()
    {
        Execute();
        return raw.sqlite3_last_insert_rowid(_database);
    }

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private StoreStatement WithNull()
    {
        ref var parameter = ref _parameters[_position++];
        if (parameter.Kind == ParameterKind.Null)
            return this;
        parameter = default;
        return Given(raw.sqlite3_bind_null(_statement, _position));
    }

    private StoreStatement Given(int result, int length)
    {
        _hasLong |= length > MostKept;
        return Given(result);
    }

    private StoreStatement Given(int result)
    {
        if (result == raw.SQLITE_OK)
            return this;
        _parameters[_position - 1].Kind = ParameterKind.Unknown;
        _position = 0;
        SqliteException.ThrowExceptionForRC(result, _database);
        return this;
    }

    // Do not keep the buffer of a text of a megabyte, nor its copy in SQLite.
    private void Shrink()
    {
        if (_text.Length <= MostKept && !_hasLong)
            return;
        if (_text.Length > MostKept)
            _text = new byte[LeastKept];
        _hasLong = false;
        raw.sqlite3_clear_bindings(_statement);
        Array.Clear(_parameters);
    }

    private enum ParameterKind : byte
    {
        Null,
        Number,
        Text,
        Unknown,
    }

    // What SQLite has as the value of a parameter.
    private record struct Parameter(ParameterKind Kind, long Number, string? Text);
}
