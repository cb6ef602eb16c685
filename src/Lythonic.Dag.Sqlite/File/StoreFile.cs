using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lythonic.Dag.Sqlite;

/// <summary>Opens connections to one database file, and makes or migrates the file.</summary>
internal sealed class StoreFile(string path, bool full, StoreEnvironment environment)
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>The file's full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>How long to wait for a lock of the file that somebody else holds.</summary>
    public TimeSpan BusyTimeout => environment.BusyTimeout;

    public bool Exists => File.Exists(Path);

    /// <summary>Opens a connection that writes. Creates or migrates the file first.</summary>
    /// <exception cref="DagException">The file cannot be used.</exception>
    public SqliteConnection OpenForWriting()
    {
        try
        {
            Make();
            return Checked(Open(environment.WriteMode), Prepare);
        }
        catch (Exception error) when (StoreError.IsStoreError(error))
        {
            throw StoreError.From(error, this);
        }
    }

    /// <summary>
    /// Opens a connection that reads; <see langword="null"/> if there is no file, or an empty one. Reading never creates the file, and
    /// makes no database of a file that somebody else has made.
    /// </summary>
    /// <exception cref="DagException">The file cannot be used.</exception>
    public SqliteConnection? OpenForReading()
    {
        if (!Exists)
            return Directory.Exists(Path) ? throw StoreError.Folder(Path) : null;
        if (new FileInfo(Path).Length == 0)
            return null;
        var isCurrent = false;
        void Check(SqliteConnection connection) => isCurrent = IsCurrent(connection);
        try
        {
            var connection = OpenReadable(Check);
            if (isCurrent)
                return connection;
            connection.Dispose();
            return OpenForWriting();
        }
        catch (Exception error) when (StoreError.IsStoreError(error))
        {
            throw StoreError.From(error, this);
        }
    }

    /// <summary>The version that a file has which this module writes.</summary>
    public int Version => environment.Migrations.Count;

    /// <summary>Whether the file of a connection is no longer the one at the path, because it was moved, deleted or replaced.</summary>
    public bool IsOfOther(SqliteConnection connection) => !Exists || FileMoves.HasMoved(connection.Handle!);

    /// <summary>Commits.</summary>
    public void Commit(SqliteTransaction transaction, StoreCommit what) => Commit(transaction.Commit, what);

    /// <summary>Commits.</summary>
    public void Commit(Action commit, StoreCommit what)
    {
        environment.Failpoint?.Invoke(what, false);
        commit();
        environment.Failpoint?.Invoke(what, true);
    }

    // WAL readers need write access to the -shm file. If the folder is read-only, nobody can be writing: the file is opened as immutable.
    private SqliteConnection OpenReadable(Action<SqliteConnection> check)
    {
        try
        {
            return Checked(Open(SqliteOpenMode.ReadWrite), check);
        }
        catch (SqliteException error) when (StoreError.IsReadOnly(error) && !File.Exists(Path + "-wal"))
        {
            return Checked(Open(SqliteOpenMode.ReadOnly, ImmutableAddress), check);
        }
        catch (SqliteException error) when (StoreError.IsReadOnly(error))
        {
            return Checked(Open(SqliteOpenMode.ReadOnly), check);
        }
    }

    // SQLite takes a URI here. Each part is escaped, so that a name may contain a percent sign or a question mark.
    private string ImmutableAddress
    {
        get
        {
            var path = OperatingSystem.IsWindows() ? Path.Replace('\\', '/') : Path;
            var escaped = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
            return $"file://{(path.StartsWith('/') ? "" : "/")}{escaped}?immutable=1";
        }
    }

    private static SqliteConnection Checked(SqliteConnection connection, Action<SqliteConnection> check)
    {
        try
        {
            check(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private SqliteConnection Open(SqliteOpenMode mode, string? source = null)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = source ?? Path, Mode = mode, Pooling = false, DefaultTimeout = 1 }.ToString());
        connection.Open();
        // The library's own wait sleeps 150 ms at a time.
        BusyWait.Set(connection.Handle!, environment.BusyTimeout);
        return connection;
    }

    private void Make()
    {
        if (Directory.Exists(Path))
            throw StoreError.Folder(Path);
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        if (!Directory.Exists(folder))
            Directory.CreateDirectory(folder);
        if (Exists || OperatingSystem.IsWindows())
            return;
        // SQLite gives the files beside the database the same mode.
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        new FileStream(Path, options).Dispose();
    }

    private void Prepare(SqliteConnection connection)
    {
        var isCurrent = IsCurrent(connection);
        if (raw.sqlite3_db_readonly(connection.Handle, "main") != 0)
            throw StoreError.Invalid(Path, "cannot be written", StoreError.GiveAccess);
        var isShared = environment.IsOnNetwork(Path);
        // A new file holds nothing that a power cut could take, and is not synced before what is written next, unless commits are.
        if (!isCurrent && !isShared && !full && new FileInfo(Path).Length == 0)
            Execute(connection, "PRAGMA synchronous=OFF");
        // SQLite accepts this only for an empty file that has no WAL yet.
        Execute(connection, "PRAGMA auto_vacuum=INCREMENTAL;");
        Execute(
            connection,
            $"PRAGMA journal_mode={(isShared ? "TRUNCATE" : "WAL")}; PRAGMA synchronous={(full || isShared ? "FULL" : "NORMAL")}; "
            + "PRAGMA foreign_keys=OFF; PRAGMA cache_size=-8000;");
        if (!isShared)
            LogLimit.Set(connection.Handle!, environment.BusyTimeout);
        if (!isCurrent)
            Migrate(connection);
        environment.Opened?.Invoke(connection);
    }

    private bool IsCurrent(SqliteConnection connection)
    {
        var (version, application, isEmpty) = Marks(connection);
        if (version == 0 && application == 0 && isEmpty)
            return false;
        if (application != Schema.ApplicationId)
            throw StoreError.Invalid(Path, "is an SQLite database of another program", "Name another file.");
        if (version < 1)
            throw StoreError.Invalid(Path, $"has version {version} (PRAGMA user_version), which no version of this module gives",
                "Restore the file from a copy, or name another file.");
        if (version > environment.Migrations.Count)
            throw new DagException(
                DagErrorId.DagDatabaseNewer,
                $"The database {Path} has version {version}; "
                + $"this version of the module knows versions up to {environment.Migrations.Count}.",
                Path,
                "Update the module, or name another file.");
        if (version == Schema.Migrations.Count && SchemaParts.Missing(connection) is { } part)
            throw StoreError.Invalid(
                Path,
                $"lacks the {part}: it is damaged, or an unreleased version of this module wrote it. "
                + "Its runs cannot be read by this version",
                StoreError.MoveAway);
        return version == environment.Migrations.Count;
    }

    // All three are read in one transaction, because another process may be creating the file.
    private static (long Version, long Application, bool IsEmpty) Marks(SqliteConnection connection)
    {
        Execute(connection, "BEGIN");
        try
        {
            return (Number(connection, "PRAGMA user_version"), Number(connection, "PRAGMA application_id"),
                Number(connection, "SELECT count(*) FROM sqlite_schema") == 0);
        }
        finally
        {
            RollBack(connection);
        }
    }

    private void Migrate(SqliteConnection connection)
    {
        Execute(connection, "BEGIN IMMEDIATE");
        try
        {
            // Somebody else may have migrated the file while this process waited for the lock.
            for (var version = (int)Number(connection, "PRAGMA user_version"); version < environment.Migrations.Count; version++)
            {
                var mark = $"PRAGMA user_version={version + 1}; PRAGMA application_id={Schema.ApplicationId};";
                Execute(connection, $"{environment.Migrations[version]} {mark}");
            }

            Commit(() => Execute(connection, "COMMIT"), StoreCommit.Migration);
        }
        finally
        {
            RollBack(connection);
        }
    }

    // After a commit, and after some errors, there is nothing to roll back.
    private static void RollBack(SqliteConnection connection)
    {
        if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
            Execute(connection, "ROLLBACK");
    }

    // A command of the library takes longer for the first time than what it executes.
    private static void Execute(SqliteConnection connection, string sql)
    {
        var started = Stopwatch.GetTimestamp();
        int result;
        // SQLite does not wait for all locks: not for the one that it needs to change the journal of a file that others are making too.
        while ((result = raw.sqlite3_exec(connection.Handle, sql)) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED
            && Stopwatch.GetElapsedTime(started) < LongestRetry)
            Thread.Sleep(Pause);
        SqliteException.ThrowExceptionForRC(result, connection.Handle);
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var statement = new StoreStatement(connection, sql);
        return statement.Execute()!.Value;
    }
}
