using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Closes what stores have open when the process ends, so that SQLite writes its log back: a file that is copied alone is whole. It takes a
/// moment at most, and what goes wrong says nothing any more: the log is read by whoever opens the file next.
/// </summary>
internal static class ProcessEnd
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(2);
    private static readonly ConditionalWeakTable<SqliteProvenance, object?> Stores = [];

    static ProcessEnd() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => CloseAll();

    /// <summary>Closes a store when the process ends, where it still is.</summary>
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
