using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lythonic.Dag.Sqlite;

/// <summary>Opens connections to one database file, and makes or migrates the file.</summary>
internal sealed class StoreFile(string path, bool full)
{
    private const int BusyMilliseconds = 10_000;

    private bool _isWritable;

    private static readonly string[] NetworkFileSystems = ["nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "fuse.sshfs", "9p", "afs"];

    /// <summary>The file's full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public bool Exists => File.Exists(Path);

    /// <summary>A connection that writes; the file is made or migrated.</summary>
    /// <exception cref="DagException">The file cannot be used.</exception>
    public SqliteConnection OpenForWriting()
    {
        try
        {
            Make();
            var connection = Open(SqliteOpenMode.ReadWriteCreate);
            try
            {
                Prepare(connection);
                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
        catch (Exception error) when (StoreError.IsStoreError(error))
        {
            throw StoreError.From(error, Path);
        }
    }

    /// <summary>Makes or migrates the file, so that what is wrong with it shows before a run begins.</summary>
    /// <exception cref="DagException">The file cannot be used.</exception>
    public void EnsureWritable()
    {
        if (_isWritable && Exists)
            return;
        OpenForWriting().Dispose();
        _isWritable = true;
    }

    /// <summary>A connection that reads, or <see langword="null"/> where there is no file: reading makes none.</summary>
    /// <exception cref="DagException">The file cannot be used.</exception>
    public SqliteConnection? OpenForReading()
    {
        if (Directory.Exists(Path))
            throw StoreError.Invalid(Path, "is a folder", "Name a file with -DatabasePath.");
        if (!Exists)
            return null;
        try
        {
            var connection = Open(SqliteOpenMode.ReadWrite);
            if (IsCurrent(connection))
                return connection;
            connection.Dispose();
            return OpenForWriting();
        }
        catch (SqliteException error) when (error.SqliteErrorCode is 8 or 14)
        {
            return Open(SqliteOpenMode.ReadOnly);
        }
        catch (Exception error) when (StoreError.IsStoreError(error))
        {
            throw StoreError.From(error, Path);
        }
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Mode = mode, Pooling = false, DefaultTimeout = 1 }.ToString());
        connection.Open();
        // SQLite's own wait sleeps a few milliseconds at a time; the library's sleeps 150.
        raw.sqlite3_busy_timeout(connection.Handle, BusyMilliseconds);
        return connection;
    }

    private void Make()
    {
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        if (!Directory.Exists(folder))
            Directory.CreateDirectory(folder);
        if (Exists || OperatingSystem.IsWindows())
            return;
        // SQLite gives the files beside the database the same mode.
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        new FileStream(Path, options).Dispose();
    }

    private void Prepare(SqliteConnection connection)
    {
        if (!IsCurrent(connection))
            Migrate(connection);
        Execute(connection, $"PRAGMA journal_mode={(IsOnNetwork() ? "TRUNCATE" : "WAL")}; PRAGMA synchronous={(full ? "FULL" : "NORMAL")}; PRAGMA foreign_keys=OFF; PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-8000;");
    }

    private bool IsCurrent(SqliteConnection connection)
    {
        var version = Number(connection, "PRAGMA user_version");
        var application = Number(connection, "PRAGMA application_id");
        if (version == 0 && application == 0 && Number(connection, "SELECT count(*) FROM sqlite_schema") == 0)
            return false;
        if (application != Schema.ApplicationId)
            throw StoreError.Invalid(Path, "is an SQLite database of another program", "Name another file with -DatabasePath.");
        if (version > Schema.Version)
            throw new DagException(
                DagErrorId.DagDatabaseNewer,
                $"The database {Path} has version {version}; this version of the module knows versions up to {Schema.Version}.",
                Path,
                "Update the module, or name another file with -DatabasePath.");
        return version == Schema.Version;
    }

    private static void Migrate(SqliteConnection connection)
    {
        if (Number(connection, "PRAGMA user_version") == 0)
            Execute(connection, "PRAGMA auto_vacuum=INCREMENTAL; VACUUM;");
        using var transaction = connection.BeginTransaction(deferred: false);
        // Somebody else may have migrated the file while this process waited for the lock.
        for (var version = Number(connection, "PRAGMA user_version"); version < Schema.Version; version++)
            Execute(connection, $"{Schema.Migrations[version]} PRAGMA user_version={version + 1}; PRAGMA application_id={Schema.ApplicationId};");
        transaction.Commit();
    }

    private bool IsOnNetwork()
    {
        if (OperatingSystem.IsWindows())
            return Path.StartsWith(@"\\", StringComparison.Ordinal);
        try
        {
            return new DriveInfo(Path) is { } drive && NetworkFileSystems.Contains(drive.DriveFormat, StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception error) when (error is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
