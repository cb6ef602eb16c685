using System.Collections.Concurrent;

namespace Tests;

/// <summary>Which nodes ran. The nodes report it themselves: <c>[Tests.Ran]::Node($using:Folder, 'a')</c>.</summary>
public static class Ran
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> Sessions = new();

    /// <summary>Records that a node ran.</summary>
    public static void Node(string session, string entry) => Sessions.GetOrAdd(session, _ => new()).Enqueue(entry);

    /// <summary>The nodes that ran, in order.</summary>
    public static string InOrder(string session) => string.Join(',', Sessions.GetOrAdd(session, _ => new()));

    /// <summary>The nodes that ran, sorted, for when the order does not matter.</summary>
    public static string Sorted(string session) => string.Join(',', Sessions.GetOrAdd(session, _ => new()).Order(StringComparer.Ordinal));

    /// <summary>Forgets the nodes that ran.</summary>
    public static void Clear(string session) => Sessions.TryRemove(session, out _);
}
