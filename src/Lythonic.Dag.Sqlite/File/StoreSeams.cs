using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>What a store asks of its surroundings, so that a test can stand in for a slow, full, broken or distant disk.</summary>
internal sealed record StoreSeams
{
    /// <summary>The surroundings as they are.</summary>
    public static StoreSeams Real { get; } = new();

    /// <summary>How long a lock that somebody holds is waited for.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether a path lies on a file system of another machine.</summary>
    public Func<string, bool> IsOnNetwork { get; init; } = FileSystems.IsNetwork;

    /// <summary>What takes a file from version n to n+1.</summary>
    public IReadOnlyList<string> Migrations { get; init; } = Schema.Migrations;

    /// <summary>How a connection that writes is opened.</summary>
    public SqliteOpenMode WriteMode { get; init; } = SqliteOpenMode.ReadWriteCreate;

    /// <summary>Called with each connection that was opened for writing; or <see langword="null"/>.</summary>
    public Action<SqliteConnection>? Opened { get; init; }

    /// <summary>Called before and after each commit; or <see langword="null"/>.</summary>
    public Action<StoreCommit, bool>? Failpoint { get; init; }
}
