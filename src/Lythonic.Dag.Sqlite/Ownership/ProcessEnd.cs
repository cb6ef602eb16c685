using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Closes the stores when the process ends, so that SQLite merges its log into the file: then a copy of the file alone is complete. It
/// takes a moment, or longer on a very busy machine. Errors are ignored, because the next process that opens the file reads the log.
/// </summary>
internal static class ProcessEnd
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(10);
    private static readonly ConditionalWeakTable<SqliteProvenance, object?> Stores = [];

    static ProcessEnd() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => CloseAll();

    /// <summary>Closes a store when the process ends, if it is still open.</summary>
    public static void Close(SqliteProvenance store) => Stores.Add(store, null);

    private static void CloseAll()
    {
        var closing = new Thread(static () =>
        {
            foreach (var (store, _) in Stores)
            {
                try
                {
                    store.Dispose();
                }
#pragma warning disable CA1031 // Nobody is left to be told.
                catch (Exception)
#pragma warning restore CA1031
                {
                }
            }
        }) { IsBackground = true };
        closing.Start();
        closing.Join(Most);
    }
}
