using System.Runtime.InteropServices;
using SQLitePCL;

namespace Lythonic.Dag.Sqlite;

/// <summary>Asks SQLite whether a file that it has open is still at its path. The packages have no method for it.</summary>
internal static class FileMoves
{
    private const int HasMovedOperation = 20;

    /// <summary>
    /// Whether the file was moved, deleted or replaced since it was opened. False if SQLite cannot tell. On Windows an open file cannot be
    /// moved or deleted.
    /// </summary>
    public static bool HasMoved(sqlite3 database)
    {
        try
        {
            var result = sqlite3_file_control(database.DangerousGetHandle(), 0, HasMovedOperation, out var hasMoved);
            return result == raw.SQLITE_OK ? hasMoved != 0 : !OperatingSystem.IsWindows();
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            return true;
        }
    }

    [DllImport("e_sqlite3", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int sqlite3_file_control(nint database, nint name, int operation, out int value);
}
