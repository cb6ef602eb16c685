using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>The sub-runs of one composite node in the store in memory, as they are read.</summary>
internal sealed class MemorySubRuns(IEnumerable<MemoryRun> runs)
{
    private readonly IReadOnlyList<MemoryRun> _runs = [.. runs.OrderBy(run => run.Start.Ordinal)];

    private IEnumerable<MemoryRun> Completed => _runs.Where(run => run.Status == DagRunStatus.Completed);

    public IEnumerable<MemoryRun> All(bool unfinished) => _runs.Where(run => !unfinished || run.Status != DagRunStatus.Completed);

    public IReadOnlyList<SubRunOutput> Outputs() => [.. Completed.Select(run => new SubRunOutput(
        run.Key,
        run.Start.ElementKey,
        run.Start.ElementId,
        run.Start.Branch,
        run.Nodes.Last(node => node.Definition.IsSink).End!.Output))];

    public (ErrorCounts Errors, string? First) Errors(string label)
    {
        var found = Completed.Where(run => run.End!.Errors.All > 0).ToList();
        var all = found.Sum(run => run.End!.Errors.All);
        return (new(all), found.Select(run => ErrorPlace.InElement(label, run.Start.ElementKey!, run.End!.Error!)).FirstOrDefault());
    }

    public IReadOnlyList<(StoreKey Key, string Input)> Inputs() =>
        [.. _runs
            .Select(run => (run.Key, Source: run.Nodes.LastOrDefault(
                node => node.Definition.IsSource && node.End is { Output: not null } or { Status: NodeStatus.Omitted })))
            .Where(run => run.Source?.Input is not null)
            .Select(run => (run.Key, run.Source!.InputJson()!))];

    public IReadOnlyList<SubRunShape> Shapes() =>
        [.. Completed
            .GroupBy(run => (run.Start.Branch, run.Definition.Fingerprint))
            .Select(group => new SubRunShape(group.First().Start.ElementKey, group.Key.Branch, group.First().Definition)
            {
                Count = group.Count(),
            })];
}
