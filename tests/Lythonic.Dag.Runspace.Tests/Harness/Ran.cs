using System.Collections.Concurrent;

namespace Tests;

/// <summary>Which nodes ran, as nodes themselves say it: <c>[Tests.Ran]::Node($using:Folder, 'a')</c>.</summary>
public static class Ran
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> Sessions = new();

    /// <summary>Says that a node ran.</summary>
    public static void Node(string session, string entry) => Sessions.GetOrAdd(session, _ => new()).Enqueue(entry);

    /// <summary>What ran, in that order.</summary>
    public static string InOrder(string session) => string.Join(',', Sessions.GetOrAdd(session, _ => new()));

    /// <summary>What ran, sorted, where the order is free.</summary>
    public static string Sorted(string session) => string.Join(',', Sessions.GetOrAdd(session, _ => new()).Order(StringComparer.Ordinal));

    /// <summary>Forgets what ran.</summary>
    public static void Clear(string session) => Sessions.TryRemove(session, out _);
}
