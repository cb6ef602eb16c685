using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Keeps the write-ahead log of a file short. SQLite's own checkpoint after a commit waits for nobody, and the log begins anew only if
/// nobody else uses it at that moment. If many processes write without a pause, that moment does not come, and they write faster than a
/// disk takes it: the log of 16 processes grew by 100 MB a second. So a log that has become long is emptied by a checkpoint for which all
/// who write wait: <c>SQLITE_CHECKPOINT_TRUNCATE</c>, see https://sqlite.org/c3ref/wal_checkpoint_v2.html. The packages have no method for
/// a function that SQLite calls after each commit.
/// </summary>
internal static unsafe class LogLimit
{
    /// <summary>How many pages the log has before a commit copies them to the database, waiting for nobody.</summary>
    public const int Pages = 4_000;

    /// <summary>How many pages it has before all who write wait until they are copied.</summary>
    public const int ManyPages = 3 * Pages;

    // Nobody can write while this process waits for those who read.
    private const int WaitMilliseconds = 50;
    private const int PauseMilliseconds = 2_000;
    private const int LookMilliseconds = 4;

    private static long _notBefore;

    /// <summary>Sets what a connection does after a commit.</summary>
    /// <param name="database">The connection, to a file that has a log.</param>
    /// <param name="busyTimeout">How long the connection waits for locks.</param>
    public static void Set(sqlite3 database, TimeSpan busyTimeout)
    {
        try
        {
            sqlite3_wal_hook(database.DangerousGetHandle(), &Committed, (nint)busyTimeout.TotalMilliseconds);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            raw.sqlite3_exec(database, $"PRAGMA wal_autocheckpoint={Pages}");
        }
    }

    // SQLite calls this after each commit, and holds no lock meanwhile. The commit is done, so nothing that happens here is an error of it.
    // An exception would end the process.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Committed(nint busyTimeout, nint database, nint name, int pages)
    {
        if (pages < Pages)
            return raw.SQLITE_OK;
        if (pages < ManyPages || Environment.TickCount64 < Volatile.Read(ref _notBefore))
        {
            int known;
            _ = sqlite3_wal_checkpoint_v2(database, name, raw.SQLITE_CHECKPOINT_PASSIVE, &known, 0);
            return raw.SQLITE_OK;
        }

        BusyWait.TrySet(database, WaitMilliseconds);
        try
        {
            if (!Empty(database, name, TimeSpan.FromMilliseconds(busyTimeout)))
                Volatile.Write(ref _notBefore, Environment.TickCount64 + PauseMilliseconds);
        }
        catch (Exception)
        {
            // The thread is interrupted, or the log cannot be looked at. The next commit tries again.
        }

        BusyWait.TrySet(database, (int)busyTimeout);
        return raw.SQLITE_OK;
    }

    // Whether the log is short again: emptied here, or by another process in the meantime. It is not if somebody reads for long.
    private static bool Empty(nint database, nint name, TimeSpan longest)
    {
        var log = new FileInfo(Marshal.PtrToStringUTF8(sqlite3_filename_wal(sqlite3_db_filename(database, name)))!);
        var (started, length, known) = (Stopwatch.GetTimestamp(), log.Length, 0);
        while (sqlite3_wal_checkpoint_v2(database, name, raw.SQLITE_CHECKPOINT_TRUNCATE, &known, 0) != raw.SQLITE_OK)
        {
            // A length is given, so it was not another checkpoint that was in the way.
            if (known >= 0 || Stopwatch.GetElapsedTime(started) > longest)
                return false;
            Thread.Sleep(LookMilliseconds);
            log.Refresh();
            if (log.Length < length)
                return true;
        }

        return true;
    }

    [DllImport("e_sqlite3", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern nint sqlite3_wal_hook(nint database, delegate* unmanaged[Cdecl]<nint, nint, nint, int, int> hook, nint state);

    [DllImport("e_sqlite3", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int sqlite3_wal_checkpoint_v2(nint database, nint name, int mode, int* logPages, nint copiedPages);

    [DllImport("e_sqlite3", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern nint sqlite3_db_filename(nint database, nint name);

    [DllImport("e_sqlite3", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern nint sqlite3_filename_wal(nint file);
}
