using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>What a store takes from its environment. Tests replace it to get a slow, full, broken or remote disk.</summary>
internal sealed record StoreEnvironment
{
    /// <summary>The real environment.</summary>
    public static StoreEnvironment Real { get; } = new();

    /// <summary>How long to wait for a lock of the file that somebody else holds.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether a path is on a file system of another machine.</summary>
    public Func<string, bool> IsOnNetwork { get; init; } = FileSystems.IsNetwork;

    /// <summary>The migrations, each from version n to n+1.</summary>
    public IReadOnlyList<string> Migrations { get; init; } = Schema.Migrations;

    /// <summary>Opens a connection that writes.</summary>
    public SqliteOpenMode WriteMode { get; init; } = SqliteOpenMode.ReadWriteCreate;

    /// <summary>Called with each connection that was opened for writing; or <see langword="null"/>.</summary>
    public Action<SqliteConnection>? Opened { get; init; }

    /// <summary>Called before and after each commit; or <see langword="null"/>.</summary>
    public Action<StoreCommit, bool>? Failpoint { get; init; }
}
