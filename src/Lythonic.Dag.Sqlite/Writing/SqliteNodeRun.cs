using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Sqlite;

/// <summary>A node run that is being written. It belongs to the writer's thread once it is posted.</summary>
internal sealed class SqliteNodeRun(SqliteRun run, NodeStart start) : NodeRunHandle
{
    private bool _isClosed;

    /// <summary>The row's key; 0 until it is written.</summary>
    public long Key { get; set; }

    public SqliteRun Run { get; } = run;

    public NodeStart Start { get; private set; } = start;

    /// <summary>The record of an attempt that waited and does not begin.</summary>
    public static object Withdrawal { get; } = new();

    /// <summary>Whether its row says that it waits.</summary>
    public bool Waits { get; set; }

    /// <summary>Whether it waited and does not begin after all.</summary>
    public bool IsWithdrawn { get; set; }

    /// <summary>Whether its inputs are written apart.</summary>
    public bool IsInputPlaced { get; set; }

    /// <summary>How it ended, once that must be written.</summary>
    public NodeEnd? End { get; set; }

    /// <summary>The order of a map's elements, once that must be written.</summary>
    public string? ElementIds { get; set; }

    /// <summary>How many elements a map has, once that must be written.</summary>
    public int? ElementCount { get; set; }

    public bool IsInBatch { get; set; }

    /// <summary>Marks its end as posted. The writer's lock guards it.</summary>
    /// <returns>Whether it was posted before: only the first end counts.</returns>
    public bool Close()
    {
        var wasClosed = _isClosed;
        _isClosed = true;
        return wasClosed;
    }

    /// <summary>Notes that a waiting attempt begins, or that an attempt waits after all.</summary>
    public void Begin(NodeStart start)
    {
        IsPutBack |= start.Waits is not null;
        Start = start with { Input = start.Input ?? Start.Input };
    }

    /// <summary>Whether it began and then waited again, and that must be written.</summary>
    public bool IsPutBack { get; set; }

    /// <summary>Drops the inputs, because they are written.</summary>
    public void ForgetInput() => Start = Start with { Input = null };
}
