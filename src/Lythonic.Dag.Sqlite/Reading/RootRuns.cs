namespace Lythonic.Dag.Sqlite;

/// <summary>
/// The root runs of this writer: the open ones, which another process may ask to pause, and the live ones, which stay live until their end
/// is durable. The writer's lock guards it.
/// </summary>
internal sealed class RootRuns
{
    private readonly HashSet<SqliteRun> _open = [];
    private readonly HashSet<SqliteRun> _alive = [];
    private readonly HashSet<string> _lost = [];

    public bool AnyOpen => _open.Count > 0;

    public IReadOnlyCollection<SqliteRun> Open => [.. _open];

    /// <summary>Adds a run that begins or is taken over.</summary>
    public void Begin(SqliteRun root)
    {
        _open.Add(root);
        if (_alive.Add(root))
            LiveRuns.Add(root);
    }

    /// <summary>Notes that the end of a run was posted.</summary>
    public void Close(SqliteRun root) => _open.Remove(root);

    public void CloseAll() => _open.Clear();

    /// <summary>Removes runs whose ends are durable, or never will be.</summary>
    /// <param name="runs">The runs; sub-runs among them are passed over.</param>
    /// <param name="isLost">Whether their ends were written to a file that is no longer at its path.</param>
    public void Leave(IEnumerable<SqliteRun> runs, bool isLost = false)
    {
        foreach (var run in runs)
        {
            if (!_alive.Remove(run))
                continue;
            LiveRuns.Remove(run);
            if (isLost)
                _lost.Add(run.RunId);
        }
    }

    /// <summary>Whether the end of a run was written to a file that is no longer at its path.</summary>
    public bool HasLost(string runId) => _lost.Contains(runId);

    public void LeaveAll() => Leave(_alive.ToList());
}
