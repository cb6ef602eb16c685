using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>Turns SQLite's errors into the module's.</summary>
internal static class StoreError
{
    /// <summary>What a user can do about a file that cannot be written.</summary>
    public const string GiveAccess = "Give write access to the file and its folder, or name another file.";

    /// <summary>What a user can do about a file that this module cannot use.</summary>
    public const string NameAnother = "Name another file, or move this one away.";

    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>Whether an exception is one that <see cref="From"/> describes.</summary>
    public static bool IsStoreError(Exception error) => error is SqliteException or IOException or UnauthorizedAccessException;

    /// <summary>Whether SQLite may not write the file or the files beside it.</summary>
    public static bool IsReadOnly(SqliteException error) => error.SqliteErrorCode is ReadOnly or CannotOpen;

    /// <summary>Makes the error for an exception.</summary>
    public static DagException From(Exception error, string path) => error switch
    {
        SqliteException { SqliteErrorCode: Busy or Locked } => new(
            DagErrorId.DagDatabaseBusy, $"Another process kept the database {path} locked for too long.", path,
            "Try again, or name another file.", error),
        SqliteException { SqliteErrorCode: NotADatabase or Corrupt } =>
            Invalid(path, "is not a usable SQLite database", "Name another file.", error),
        SqliteException { SqliteErrorCode: ReadOnly } or UnauthorizedAccessException =>
            Invalid(path, "cannot be written", GiveAccess, error),
        SqliteException { SqliteErrorCode: Full } => Invalid(path, "is on a disk that is full", "Free space, then restart the run.", error),
        SqliteException { SqliteErrorCode: CannotOpen } or IOException => Invalid(
            path, "cannot be opened", "Check that its folder can be made and written, or name another file.", error),
        SqliteException { SqliteErrorCode: InputOutput } =>
            Invalid(path, "could not be read or written", "Check the disk, then restart the run.", error),
        _ => Invalid(path, "failed", "Restart the run.", error),
    };

    /// <summary>Makes the error for a file that cannot be used.</summary>
    public static DagException Invalid(string path, string what, string action, Exception? inner = null) =>
        new(DagErrorId.DagDatabaseInvalid,
            $"The database {path} {what}{(inner is null ? "" : $": {inner.Message}")}{(inner?.Message.EndsWith('.') ?? false ? "" : ".")}",
            path, action, inner);
}
