using Lythonic.Dag.Provenance;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Locks in a file. A row of <c>lock_claim</c> is a claim that holds its locks or waits for them; its rows of <c>lock_name</c> are the
/// names of the locks. Claims are served in the order of their rows: a claim holds its locks when it comes first for each of its names. The
/// claims of a process that has died are ignored.
/// </summary>
internal sealed class SqliteLockClaim(StoreFile file, IReadOnlyList<string> names) : LockClaim
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private long _place;

    /// <inheritdoc/>
    public override bool TryTake() => Guarded(() =>
    {
        using var connection = file.OpenForWriting();
        using var transaction = connection.BeginTransaction(deferred: false);
        var place = _place == 0 ? Ask(connection, transaction) : _place;
        var isFirst = IsFirst(connection, transaction, place, out var dead);
        foreach (var gone in dead)
            Remove(connection, transaction, gone);
        file.Commit(transaction, StoreCommit.Lock);
        _place = place;
        return isFirst;
    });

    /// <inheritdoc/>
    public override Task WaitAsync(CancellationToken cancellationToken) => WaitingReader.WaitAsync(file, HasCome, cancellationToken);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_place != 0 && !TryGiveBack())
            _ = GiveBackAsync();
    }

    // A claim that waits has its place in the file, so it waits on while somebody keeps the database locked.
    private bool HasCome(WaitingReader reader)
    {
        try
        {
            return Guarded(() => reader.Look(LooksFree)) && TryTake();
        }
        catch (DagException error) when (error.Id == DagErrorId.DagDatabaseBusy)
        {
            return false;
        }
    }

    private bool LooksFree(SqliteConnection? connection) => connection is null || IsFirst(connection, null, _place, out _);

    // While this process lives, nobody else may take its row away.
    private async Task GiveBackAsync()
    {
        do
        {
            await Task.Delay(Again).ConfigureAwait(false);
        }
        while (!TryGiveBack());
    }

    private bool TryGiveBack()
    {
        try
        {
            if (!file.Exists)
                return true;
            using var connection = file.OpenForWriting();
            using var transaction = connection.BeginTransaction(deferred: false);
            Remove(connection, transaction, _place);
            file.Commit(transaction, StoreCommit.Lock);
            _place = 0;
            return true;
        }
        catch (Exception error) when (error is DagException || StoreError.IsStoreError(error))
        {
            return false;
        }
    }

    private long Ask(SqliteConnection connection, SqliteTransaction transaction)
    {
        using var claim = StoreStatements.Command(
            connection, transaction,
            "INSERT INTO lock_claim (owner_machine, owner_process, owner_started) VALUES ($1, $2, $3) RETURNING id",
            Owner.Current.Machine, Owner.Current.ProcessId, Owner.Current.StartedAt);
        var place = (long)claim.ExecuteScalar()!;
        foreach (var name in names)
        {
            using var add = StoreStatements.Command(
                connection, transaction, "INSERT INTO lock_name (name, claim) VALUES ($1, $2)", name, place);
            add.ExecuteNonQuery();
        }

        return place;
    }

    private bool IsFirst(SqliteConnection connection, SqliteTransaction? transaction, long place, out IReadOnlyCollection<long> dead)
    {
        var gone = new HashSet<long>();
        var isFirst = true;
        foreach (var name in names)
        {
            using var earlier = StoreStatements.Command(
                connection, transaction,
                "SELECT c.id, c.owner_machine, c.owner_process, c.owner_started FROM lock_name n JOIN lock_claim c ON c.id = n.claim "
                    + "WHERE n.name = $1 AND n.claim < $2",
                name, place);
            using var row = earlier.ExecuteReader();
            while (row.Read())
            {
                if (new Owner(row.GetString(1), row.GetInt32(2), row.GetInt64(3)).HasEnded)
                    gone.Add(row.GetInt64(0));
                else
                    isFirst = false;
            }
        }

        dead = gone;
        return isFirst;
    }

    private static void Remove(SqliteConnection connection, SqliteTransaction transaction, long place)
    {
        using var remove = StoreStatements.Command(
            connection, transaction, "DELETE FROM lock_name WHERE claim = $1; DELETE FROM lock_claim WHERE id = $1;", place);
        remove.ExecuteNonQuery();
    }

    private bool Guarded(Func<bool> step)
    {
        try
        {
            return step();
        }
        catch (Exception error) when (StoreError.IsStoreError(error))
        {
            throw StoreError.From(error, file);
        }
    }
}
