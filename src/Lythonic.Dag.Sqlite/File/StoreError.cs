using Lythonic.Dag.Values;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>Turns SQLite's errors into the module's.</summary>
internal static class StoreError
{
    /// <summary>What a user can do about a file that cannot be written.</summary>
    public const string GiveAccess = "Give write access to the file and its folder, or name another file.";

    /// <summary>What a user can do about a file that this module cannot use.</summary>
    public const string MoveAway = "Move it away, or name another file.";

    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>Whether an exception is one that <see cref="From(Exception, StoreFile)"/> describes.</summary>
    public static bool IsStoreError(Exception error) => error is SqliteException or IOException or UnauthorizedAccessException;

    /// <summary>Whether SQLite may not write the file or the files beside it.</summary>
    public static bool IsReadOnly(SqliteException error) => error.SqliteErrorCode is ReadOnly or CannotOpen;

    /// <summary>Makes the error for an exception.</summary>
    public static DagException From(Exception error, StoreFile file) => From(error, file.Path, file.BusyTimeout);

    private static DagException From(Exception error, string path, TimeSpan waited) => error switch
    {
        SqliteException { SqliteErrorCode: Busy or Locked } => new(
            DagErrorId.DagDatabaseBusy,
            $"Another process kept the database {path} locked for longer than {DurationText.Render(waited)}.",
            path, inner: error)
        {
            Remedy = Mend("Wait until the lock is gone"),
        },
        SqliteException { SqliteErrorCode: NotADatabase or Corrupt } =>
            Invalid(path, "is not a usable SQLite database", "Name another file.", error),
        SqliteException { SqliteErrorCode: ReadOnly } or UnauthorizedAccessException =>
            Invalid(path, "cannot be written", GiveAccess, error),
        SqliteException { SqliteErrorCode: Full } => Invalid(path, "is on a disk that is full", Mend("Free space"), error),
        SqliteException { SqliteErrorCode: CannotOpen } or IOException => Invalid(
            path, "cannot be opened", "Check that its folder can be made and written, or name another file.", error),
        SqliteException { SqliteErrorCode: InputOutput } =>
            Invalid(path, "could not be read or written", Mend("Check the disk"), error),
        _ => Invalid(path, "failed", Mend("Mend the cause"), error),
    };

    /// <summary>Makes the error for a folder in the place of the file.</summary>
    public static DagException Folder(string path) => Invalid(
        path, "is a folder, and a database is a file", $"Name a file in it, such as {Path.Combine(path, "runs.db")}.");

    /// <summary>Makes the error for a file that cannot be used.</summary>
    public static DagException Invalid(string path, string what, string action, Exception? inner = null) =>
        new(DagErrorId.DagDatabaseInvalid, Message(path, what, inner), path, action, inner);

    private static DagException Invalid(string path, string what, DagRemedy remedy, Exception inner) =>
        new(DagErrorId.DagDatabaseInvalid, Message(path, what, inner), path, inner: inner) { Remedy = remedy };

    private static DagRemedy Mend(string what) => new(DagRemedyKind.MendThenTryAgain) { Mend = what };

    private static string Message(string path, string what, Exception? inner) =>
        $"The database {path} {what}{(inner is null ? "" : $": {inner.Message}")}{(inner?.Message.EndsWith('.') ?? false ? "" : ".")}";
}
