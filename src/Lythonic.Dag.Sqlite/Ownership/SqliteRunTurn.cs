using Lythonic.Dag.Provenance;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// A turn in a file. The rows of runs say which runs are live, and the rows of <c>run_turn</c> who waits, in the order of asking.
/// </summary>
internal sealed class SqliteRunTurn(StoreFile file, string name, bool waits) : RunTurn(name, waits)
{
    // The key of the row by which this turn waits; 0 for none.
    private long _place;

    /// <summary>
    /// Checks the turn, inside the transaction that begins or claims the run. If it has not come and its holder waits, the turn gets a
    /// place, which is committed.
    /// </summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagRunOverlaps"/>: it has not come.</exception>
    public void Require(SqliteConnection connection, SqliteTransaction transaction)
    {
        var hindrance = Hindrance(connection, transaction, forgetsDead: true);
        if (hindrance is null)
        {
            if (_place != 0)
                Execute(connection, transaction, "DELETE FROM run_turn WHERE id = $1", _place);
            return;
        }

        if (Waits && _place == 0)
        {
            using var insert = StoreStatements.Command(
                connection, transaction,
                "INSERT INTO run_turn (name, owner_machine, owner_process, owner_started) VALUES ($1, $2, $3, $4) RETURNING id",
                Name, Owner.Current.Machine, Owner.Current.ProcessId, Owner.Current.StartedAt);
            var place = (long)insert.ExecuteScalar()!;
            file.Commit(transaction, StoreCommit.Turn);
            _place = place;
        }

        throw hindrance;
    }

    /// <summary>Gives up the place, because the turn has come and its run is committed.</summary>
    public void Begun() => _place = 0;

    /// <inheritdoc/>
    public override Task WaitAsync(CancellationToken cancellationToken) => WaitingReader.WaitAsync(file, HasCome, cancellationToken);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_place == 0)
            return;
        try
        {
            using var connection = file.OpenForWriting();
            Execute(connection, null, "DELETE FROM run_turn WHERE id = $1", _place);
            _place = 0;
        }
        catch (Exception error) when (error is DagException || StoreError.IsStoreError(error))
        {
            // The place is passed over when this process has ended.
        }
    }

    private bool HasCome(WaitingReader reader)
    {
        try
        {
            // If the file is gone, the next attempt to begin reports it.
            return reader.Look(connection => connection is null || Hindrance(connection, null, forgetsDead: false) is null);
        }
        catch (SqliteException error)
        {
            throw StoreError.From(error, file);
        }
    }

    // The run that is live, or the live process that asked earlier; null if the turn has come.
    private DagException? Hindrance(SqliteConnection connection, SqliteTransaction? transaction, bool forgetsDead)
    {
        using var running = StoreStatements.Command(
            connection, transaction,
            "SELECT run_id, owner_machine, owner_process, owner_started, path FROM run WHERE parent IS NULL AND status = 'running' "
                + "AND id NOT IN (SELECT run FROM removal)");
        using (var row = running.ExecuteReader())
        {
            while (row.Read())
            {
                if (IsOfName(row, 4) && OwnerOf(row) is var owner && !owner.HasLeft(row.GetString(0)))
                    return Overlap(row.GetString(0), owner.ToString());
            }
        }

        return Waits ? Earlier(connection, transaction, forgetsDead) : null;
    }

    private DagException? Earlier(SqliteConnection connection, SqliteTransaction? transaction, bool forgetsDead)
    {
        var dead = new List<long>();
        Owner? earlier = null;
        using (var waiting = StoreStatements.Command(
            connection, transaction,
            "SELECT id, owner_machine, owner_process, owner_started, name FROM run_turn WHERE $1 = 0 OR id < $1 ORDER BY id", _place))
        {
            using var row = waiting.ExecuteReader();
            while (row.Read())
            {
                var owner = OwnerOf(row);
                if (owner.HasEnded)
                    dead.Add(row.GetInt64(0));
                else if (IsOfName(row, 4))
                    earlier ??= owner;
            }
        }

        if (forgetsDead)
            dead.ForEach(place => Execute(connection, transaction, "DELETE FROM run_turn WHERE id = $1", place));
        return earlier is null ? null : new DagException(
            DagErrorId.DagRunOverlaps, $"The DAG '{Name}' is about to be run by {earlier}, which asked earlier.", Name);
    }

    private bool IsOfName(SqliteDataReader row, int column) =>
        string.Equals(row.GetString(column), Name, StringComparison.OrdinalIgnoreCase);

    private static Owner OwnerOf(SqliteDataReader row) => new(row.GetString(1), row.GetInt32(2), row.GetInt64(3));

    private static void Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql, long place)
    {
        using var command = StoreStatements.Command(connection, transaction, sql, place);
        command.ExecuteNonQuery();
    }
}
