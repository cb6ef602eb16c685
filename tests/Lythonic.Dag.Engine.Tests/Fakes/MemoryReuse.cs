using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>The outputs in the store in memory that can be reused.</summary>
internal static class MemoryReuse
{
    public static StoredReuse? Find(IEnumerable<MemoryRun> runs, string key, DateTimeOffset? since) => All(runs)
        .Where(one => one.Reuse.Key == key && !(one.Reuse.RanAt < since))
        .OrderBy(one => one.Reuse.RanAt)
        .Select(one => new StoredReuse(
            one.Node.End!.Output!, one.Reuse.RanAt, one.Reuse.RanIn ?? one.Node.Handle.RunId, one.Node.Handle.Run.Start.Branch))
        .LastOrDefault();

    public static IReadOnlyList<ReusePart>? Parts(IEnumerable<MemoryRun> runs, string path, string label) => All(runs)
        .Where(one => one.Node.Handle.Run.Start.Path == path && one.Node.Label == label)
        .Select(one => (IReadOnlyList<ReusePart>)[.. one.Reuse.Code, .. one.Reuse.Inputs])
        .LastOrDefault();

    private static IEnumerable<(ReuseRecord Reuse, MemoryNodeRun Node)> All(IEnumerable<MemoryRun> runs)
    {
        foreach (var run in runs.Where(run => !run.Root.IsRemoved))
        {
            foreach (var node in run.Nodes)
            {
                var ofRun = node.Definition.IsSink && run.Nodes.FindLast(last => last.Definition.IsSink) == node ? run.End?.Reuse : null;
                if ((node.End?.Reuse ?? ofRun) is { } reuse)
                    yield return (reuse, node);
            }
        }
    }
}
