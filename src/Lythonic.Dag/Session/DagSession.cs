using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Commands;

/// <summary>
/// What the module remembers of a session: the DAGs that were made in it, by name, and the ones whose definition is being read.
/// </summary>
internal static class DagSession
{
    // Kept for each session, because a process may have several; it is released with the session.
    private static readonly ConditionalWeakTable<Runspace, ConcurrentDictionary<string, Dag>> Sessions = [];

    // Kept for each thread: a definition is read to its end on the thread that called it, and two sessions of a process use different
    // threads.
    [ThreadStatic]
    private static Stack<Dag>? _open;

    /// <summary>The DAG whose <c>-Definition</c> is being read, or <see langword="null"/>.</summary>
    public static Dag? Implied => _open is { Count: > 0 } open ? open.Peek() : null;

    /// <summary>The names of the DAGs of this session.</summary>
    public static IEnumerable<string> Names => Made.Values.Select(dag => dag.Name);

    private static ConcurrentDictionary<string, Dag> Made =>
        Runspace.DefaultRunspace is { } session ? Sessions.GetValue(session, static _ => new(StringComparer.OrdinalIgnoreCase)) : [];

    /// <summary>Remembers a DAG; it replaces an earlier one of the same name.</summary>
    public static void Remember(Dag dag) => Made[dag.Name] = dag;

    /// <summary>The DAG of a name that was made in this session.</summary>
    public static Dag? Find(string name) => Made.GetValueOrDefault(name);

    /// <summary>Reads a definition with its DAG implied.</summary>
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
