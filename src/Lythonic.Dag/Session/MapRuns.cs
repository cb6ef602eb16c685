using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Commands;

/// <summary>
/// What a session remembers of the runs of its pipelines that can go on: the code, and the elements that had come and not ended. The
/// pipeline itself is gone.
/// </summary>
internal static class MapRuns
{
    private static readonly ConditionalWeakTable<Runspace, ConcurrentDictionary<string, MapMemory>> Sessions = [];

    private static ConcurrentDictionary<string, MapMemory> Left =>
        Runspace.DefaultRunspace is { } session ? Sessions.GetValue(session, static _ => new(StringComparer.OrdinalIgnoreCase)) : [];

    /// <summary>Remembers a run.</summary>
    public static void Remember(string runId, MapMemory memory) => Left[runId] = memory;

    /// <summary>What is remembered of a run, or <see langword="null"/>.</summary>
    public static MapMemory? Find(string runId) => Left.GetValueOrDefault(runId);
}

/// <summary>What is remembered of a run whose elements came from a pipeline.</summary>
/// <param name="Dag">Its DAG.</param>
/// <param name="Feed">The elements.</param>
internal sealed record MapMemory(Dag Dag, ElementFeed Feed)
{
    /// <summary>The elements that are left, for a restart of the run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="store">The store that holds it.</param>
    /// <param name="codec">Reads the elements of which this session has no more than the store.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagRunNotRestartable"/>: an element is not in the store either.</exception>
    public MapMemory Left(StoredRun run, DagProvenance store, IValueCodec codec)
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
