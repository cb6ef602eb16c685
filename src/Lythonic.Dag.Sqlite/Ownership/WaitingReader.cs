using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Looks at a file again and again, until what somebody waits for has come. Opening the file takes a hundred times as long as a look, so
/// one connection stays open meanwhile. While nobody writes to the file, only the death of a process can change the answer: then it is
/// asked for once a second.
/// </summary>
internal sealed class WaitingReader(StoreFile file) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private const int PollsOfSecond = 20;

    private SqliteConnection? _connection;
    private StoreStatement? _ask;
    private long? _version;
    private int _polls;

    /// <summary>Waits until a condition is met.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isMet">Asks the file; the connection is <see langword="null"/> if the file is gone.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SqliteException">The file cannot be read, and <paramref name="isMet"/> does not catch it.</exception>
    public static async Task WaitAsync(StoreFile file, Func<WaitingReader, bool> isMet, CancellationToken cancellationToken)
    {
        using var reader = new WaitingReader(file);
        while (!isMet(reader))
            await Task.Delay(Poll, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks the file, if the answer may be another than before; otherwise it is still no.</summary>
    /// <param name="ask">Asks the file; the connection is <see langword="null"/> if the file is gone.</param>
    public bool Look(Func<SqliteConnection?, bool> ask)
    {
        if (_connection is null || file.IsOfOther(_connection))
            Open();
        var version = _ask?.Execute();
        if (_connection is not null && version == _version && ++_polls < PollsOfSecond)
            return false;
        // If asking fails, the next look asks again.
        _version = null;
        var answer = ask(_connection);
        (_version, _polls) = (version, 0);
        return answer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ask?.Dispose();
        _connection?.Dispose();
        (_ask, _connection) = (null, null);
    }

    private void Open()
    {
        Dispose();
        _version = null;
        _connection = file.OpenForReading();
        // It changes if another connection has written.
        _ask = _connection is null ? null : new StoreStatement(_connection, "PRAGMA data_version");
    }
}
