namespace Lythonic.Dag.Sqlite;

/// <summary>
/// The root runs of this writer: the open ones, which another process may ask to pause, and the live ones, which stay live until their end
/// is durable. The writer's lock guards it.
/// </summary>
internal sealed class RootRuns
{
    private readonly HashSet<SqliteRun> _open = [];
    private readonly HashSet<SqliteRun> _alive = [];

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
    public void Leave(IEnumerable<SqliteRun> roots)
    {
        foreach (var root in roots)
        {
            if (_alive.Remove(root))
                LiveRuns.Remove(root);
        }
    }

    public void LeaveAll() => Leave(_alive.ToList());
}
