using System.Globalization;

namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>How each commit reaches the disk.</summary>
public sealed class DurabilityTests : IDisposable
{
    private const int Normal = 1;
    private const int Full = 2;

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false, Normal)]
    [InlineData(true, false, Full)]
    [InlineData(false, true, Full)]
    public void A_commit_is_synced_where_that_is_asked_for_and_on_a_disk_of_another_machine(bool full, bool isOnNetwork, int synchronous)
    {
        var seen = new List<int>();
        var environment = new StoreEnvironment
        {
            IsOnNetwork = _ => isOnNetwork,
            Opened = connection =>
            {
                using var ask = connection.CreateCommand();
                ask.CommandText = "PRAGMA synchronous";
                seen.Add(Convert.ToInt32(ask.ExecuteScalar(), CultureInfo.InvariantCulture));
            },
        };
        using var store = new SqliteProvenance(_folder.Database, full, environment);

        store.EnsureWritable();

        Assert.Equal([synchronous], seen);
    }
}
