using System.Collections.Concurrent;
using System.Management.Automation;

namespace Tests;

/// <summary>
/// The progress records that a session has got so far. Nodes wait for them: <c>[Tests.Shown]::Wait($using:Folder, 'text')</c>.
/// </summary>
public static class Shown
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<ProgressRecord>> Sessions = new();

    /// <summary>Waits until so many bars whose status is the text have been shown.</summary>
    public static void Wait(string session, string status, int bars = 1) => SpinWait.SpinUntil(
        () => Sessions.GetOrAdd(session, _ => new()).Where(record => record.StatusDescription == status).Select(record => record.ActivityId)
            .Distinct().Count() >= bars,
        Lythonic.Dag.Runspace.Tests.Harness.Limits.Hang);

    /// <summary>Whether any bar has been shown.</summary>
    public static bool Any(string session) => !Sessions.GetOrAdd(session, _ => new()).IsEmpty;

    /// <summary>Whether bars of so many names have been shown.</summary>
    public static bool Any(string session, int names) =>
        Sessions.GetOrAdd(session, _ => new()).Select(record => record.Activity).Distinct().Count() >= names;

    /// <summary>Records that a session got a progress record.</summary>
    public static void Add(string session, ProgressRecord record) => Sessions.GetOrAdd(session, _ => new()).Enqueue(record);
}
