using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Sqlite;

/// <summary>A run that is being written. Once it is posted, all but its id belongs to the writer's thread.</summary>
internal sealed class SqliteRun(string runId, DagDefinition definition, SqliteRun? parent) : RunHandle(runId)
{
    private SqliteRun? _root;
    private HashSet<long>? _used;

    /// <summary>The row's key; 0 until it is written.</summary>
    public long Key { get; set; }

    public DagDefinition Definition { get; } = definition;

    public long DefinitionKey { get; set; }

    public SqliteRun? Parent { get; } = parent;

    public SqliteRun Root => _root ??= Parent?.Root ?? this;

    /// <summary>Notes that this root run uses a definition.</summary>
    /// <returns>Whether it is the first time in this process.</returns>
    public bool Uses(long definition) => (_used ??= []).Add(definition);

    /// <summary>The row to insert; <see langword="null"/> once it is inserted.</summary>
    public RunStart? Start { get; set; }

    /// <summary>The branch that a sub-run takes.</summary>
    public string? Branch { get; init; }

    /// <summary>Whether a stored sub-run goes on, and its row must say so.</summary>
    public bool Resumes { get; set; }

    /// <summary>How it ended, once that must be written.</summary>
    public RunEnd? End { get; set; }

    /// <summary>The key by which its output is found, once that must be written.</summary>
    public ReuseRecord? Reuse { get; set; }

    /// <summary>The output of its sink, for elements that reuse it before it is written; or <see langword="null"/>.</summary>
    public EncodedValue? Output { get; set; }

    /// <summary>The attempt of its sink that ended last in this process; or <see langword="null"/>.</summary>
    public SqliteNodeRun? Sink { get; set; }

    /// <summary>The key by which the output of that attempt is found; or <see langword="null"/>.</summary>
    public ReuseRecord? ReuseOfSink { get; set; }

    /// <summary>The key by which its output is found while it waits to be written; or <see langword="null"/>.</summary>
    public ReuseRecord? Found { get; set; }

    public bool IsInBatch { get; set; }

    /// <summary>Whether its end is written.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Whether its end was posted. Guarded by the writer's lock.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whether its end, or the end of a run around it, was posted: later records come too late.</summary>
    public bool IsOver => IsClosed || (Parent?.IsOver ?? false);
}
