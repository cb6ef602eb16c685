using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// How a connection waits for a lock that another one holds. SQLite's own wait sleeps longer each time, up to 100 ms: while many processes
/// wait, nobody writes most of the time, and whoever has waited longest looks least often. A transaction of the store takes a fraction of a
/// millisecond, so this wait looks again after one, however long it takes. The packages have no method for it.
/// </summary>
internal static unsafe class BusyWait
{
    private const int Yields = 2;
    private const int Quick = 10;

    [ThreadStatic]
    private static long _began;

    /// <summary>Sets how long a connection waits.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="longest">The longest wait, or zero: a lock that is held is an error at once.</param>
    public static void Set(sqlite3 database, TimeSpan longest)
    {
        var milliseconds = (int)longest.TotalMilliseconds;
        if (milliseconds > 0 && TrySet(database.DangerousGetHandle(), milliseconds))
            return;
        raw.sqlite3_busy_timeout(database, milliseconds);
    }

    /// <summary>Sets how long a connection waits, if that can be set on this machine.</summary>
    /// <param name="database">The connection, as SQLite hands it to a function that it calls.</param>
    /// <param name="milliseconds">The longest wait.</param>
    public static bool TrySet(nint database, int milliseconds)
    {
        try
        {
            return sqlite3_busy_handler(database, &LookAgain, milliseconds) == raw.SQLITE_OK;
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    // SQLite calls this each time it finds the lock held, and gives up if it returns 0. An exception would end the process.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int LookAgain(nint longest, int looks)
    {
        if (looks == 0)
            _began = Stopwatch.GetTimestamp();
        else if (Stopwatch.GetElapsedTime(_began).TotalMilliseconds >= longest)
            return 0;
        try
        {
            // Nothing in SQLite wakes those who wait for a lock, so there is nothing else to wait for.
            if (looks < Yields)
                Thread.Yield();
            else
                Thread.Sleep(looks < Quick ? 1 : 4);
            return 1;
        }
        catch (ThreadInterruptedException)
        {
            return 0;
        }
    }

    [DllImport("e_sqlite3", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int sqlite3_busy_handler(nint database, delegate* unmanaged[Cdecl]<nint, int, int> handler, nint state);
}
