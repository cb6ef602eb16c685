using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Sessions;

/// <summary>
/// What a session remembers of its <c>Invoke-DagMap</c> runs, so that they can be restarted after their pipeline is gone: the code, and the
/// elements that were handed over and have not ended.
/// </summary>
internal static class MapRuns
{
    private static readonly ConditionalWeakTable<Runspace, Memory> Sessions = [];

    private static Memory? Session => Runspace.DefaultRunspace is { } session ? Sessions.GetOrCreateValue(session) : null;

    /// <summary>Remembers a run that can be restarted.</summary>
    public static void Remember(string runId, MapMemory memory)
    {
        if (Session is { } session)
            session.Left[runId] = memory;
    }

    /// <summary>What is remembered of a run, or <see langword="null"/>.</summary>
    public static MapMemory? Find(string runId) => Session?.Left.GetValueOrDefault(runId);

    /// <summary>Remembers whether the line of a run has <c>-Reuse</c>.</summary>
    public static void RememberReuse(string runId, bool hasReuse) => Session?.Reusing.TryAdd(runId, hasReuse);

    /// <summary>Whether the line of a run has <c>-Reuse</c>; <see langword="null"/> if another session made the run.</summary>
    public static bool? HasReuse(string runId) => Session?.Reusing.TryGetValue(runId, out var hasReuse) == true ? hasReuse : null;

    private sealed class Memory
    {
        public ConcurrentDictionary<string, MapMemory> Left { get; } = new(StringComparer.OrdinalIgnoreCase);

        public ConcurrentDictionary<string, bool> Reusing { get; } = new(StringComparer.OrdinalIgnoreCase);
    }
}

/// <summary>What a session remembers of a run whose elements came from a pipeline.</summary>
/// <param name="Dag">The DAG of the run.</param>
/// <param name="Feed">The elements that were handed over and have not ended.</param>
internal sealed record MapMemory(Dag Dag, ElementFeed Feed)
{
    /// <summary>Prepares a restart of the run: makes a feed of the elements that have not ended.</summary>
    /// <param name="run">The stored run.</param>
    /// <param name="store">The store that holds it.</param>
    /// <param name="codec">Reads elements from the store that are not in this session's memory.</param>
    /// <exception cref="DagException">
    /// <see cref="DagErrorId.DagRunNotRestartable"/>: an element is neither in memory nor in the store.
    /// </exception>
    public MapMemory ForRestart(StoredRun run, DagProvenance store, IValueCodec codec)
    {
        var left = Feed.Left.ToDictionary(element => element.Ordinal);
        var begun = store.GetSubRuns(run, FedDag.Each, unfinished: true).ToList();
        var stored = begun.Exists(subRun => !left.ContainsKey(subRun.Ordinal))
            ? new FedValues(store, codec, run).Elements().ToDictionary(element => element.Ordinal, element => element.Value)
            : [];
        foreach (var subRun in begun.Where(subRun => !left.ContainsKey(subRun.Ordinal)))
        {
            left[subRun.Ordinal] = stored.TryGetValue(subRun.Ordinal, out var value)
                ? new MapElement(subRun.Ordinal, subRun.ElementKey!, value)
                : throw FedDag.NotRestartable(run);
        }

        return this with { Feed = new ElementFeed(left.Values.OrderBy(element => element.Ordinal), begun, Feed.Count) };
    }
}
