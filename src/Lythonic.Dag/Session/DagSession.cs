using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Sessions;

/// <summary>
/// What the module remembers of a session: the DAGs that were made in it, by name, and those whose <c>-Definition</c> is being read.
/// </summary>
internal static class DagSession
{
    // Of each name: the newest DAG, and earlier ones whose code a page or a comparison can show.
    private const int MostOfName = 8;

    // A process may have several sessions. The table releases what it holds together with the session.
    private static readonly ConditionalWeakTable<Runspace, ConcurrentDictionary<string, Dag[]>> Sessions = [];

    // Kept by thread, because a definition is read from beginning to end on one thread, and each session of a process has its own threads.
    [ThreadStatic]
    private static Stack<Dag>? _open;

    /// <summary>The DAG whose <c>-Definition</c> is being read on this thread, or <see langword="null"/>.</summary>
    public static Dag? Implied => _open is { Count: > 0 } open ? open.Peek() : null;

    /// <summary>The names of the DAGs of this session.</summary>
    public static IEnumerable<string> Names => Made.Values.Select(dags => dags[0].Name);

    private static ConcurrentDictionary<string, Dag[]> Made =>
        Runspace.DefaultRunspace is { } session ? Sessions.GetValue(session, static _ => new(StringComparer.OrdinalIgnoreCase)) : [];

    /// <summary>Remembers a DAG; it stands for its name from now on.</summary>
    public static void Remember(Dag dag) =>
        Made.AddOrUpdate(dag.Name, [dag], (_, before) => [dag, .. before.Where(other => other != dag).Take(MostOfName - 1)]);

    /// <summary>The DAG of this name that was made last in this session, or <see langword="null"/>.</summary>
    public static Dag? Find(string name) => FindAll(name) is [var newest, ..] ? newest : null;

    /// <summary>The last DAGs of this name that were made in this session, the newest first.</summary>
    public static IReadOnlyList<Dag> FindAll(string name) => Made.GetValueOrDefault(name) ?? [];

    /// <summary>Runs a definition. Meanwhile <see cref="Implied"/> is its DAG.</summary>
    public static void Define(Dag dag, Action definition)
    {
        _open ??= new();
        _open.Push(dag);
        try
        {
            definition();
        }
        finally
        {
            _open.Pop();
        }
    }
}
