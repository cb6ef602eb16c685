using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>Questions that only tests ask of a store in memory.</summary>
internal static class MemoryInquiries
{
    /// <summary>The status of the latest attempt of every node of every run, by run path and label.</summary>
    public static IReadOnlyDictionary<string, NodeStatus> Statuses(this MemoryProvenance store) => store.Ask(
        runs => runs.SelectMany(run => run.Nodes)
            .GroupBy(node => $"{node.Handle.Run.Start.Path}:{node.Label}")
            .ToDictionary(attempts => attempts.Key, attempts => attempts.MaxBy(node => node.Attempt)!.Stored().Status));

    /// <summary>Every attempt of a node, over all sub-runs, as status and error.</summary>
    public static IReadOnlyList<StoredNodeRun> NodeRuns(this MemoryProvenance store, string label) => store.Ask(
        runs => runs.SelectMany(run => run.Nodes).Where(node => node.Label == label).OrderBy(node => node.Key)
            .Select(node => node.Stored()).ToList());

    /// <summary>How often a node ran, counting all attempts in all sub-runs.</summary>
    public static int Attempts(this MemoryProvenance store, string label) =>
        store.Ask(runs => runs.Sum(run => run.Nodes.Count(node => node.Label == label)));
}
