using System.Globalization;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Export;
using Lythonic.Dag.Internal;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Runs;

/// <summary>
/// Reads why elements failed in a composite node that is in flight, or that was stopped, and which node inside a paused one paused the run.
/// The store has no error of such a node, but of its sub-runs: those of a map that failed, and those of nodes inside a sub-run that was
/// stopped.
/// </summary>
/// <param name="store">The store that has the sub-runs.</param>
internal sealed class StoppedNode(DagProvenance store)
{
    private const int ToldInFull = 10;

    /// <summary>The node run, with the errors of what failed inside it.</summary>
    /// <param name="run">Its run.</param>
    /// <param name="node">The node run.</param>
    public StoredNodeRun Told(StoredRun run, StoredNodeRun node)
    {
        if (node is { Status: NodeStatus.Paused, Error: null, Errors.All: 0 } && node.Kind.IsComposite())
            return node with { Error = Pause(run, node) };
        var hasDied = run.Status == DagRunStatus.Interrupted && node.FinishedAt is null;
        return node.Kind.IsComposite() && node.Errors.All > 0 && (node.Error is null || hasDied)
                && node.Status is NodeStatus.Running or NodeStatus.Cancelled or NodeStatus.Paused
                && Inside(run, node) is { } error
            ? node with { Error = node.Error is null ? error : $"{error}\n{node.Error}" }
            : node;
    }

    // Which node inside paused the run, and why; null if nobody did inside, because the run was asked to pause.
    private string? Pause(StoredRun run, StoredNodeRun node) => store.GetSubRuns(run, node.Label, unfinished: true)
        .Where(subRun => subRun.Status == DagRunStatus.Paused)
        .SelectMany(subRun => store.GetNodeRuns(subRun)
            .Where(inner => inner.Status == NodeStatus.Paused)
            .Select(inner => (SubRun: subRun, inner.Label, Why: Told(subRun, inner).Error, inner.Kind)))
        .Where(inner => Has(inner.Why))
        .Select(inner => PathOf(node, inner.SubRun) + (
            inner.Kind.IsComposite() ? $"/{inner.Why}"
            : inner.Label.Equals(node.Label, StringComparison.OrdinalIgnoreCase) ? $": {inner.Why}"
            : $"/{inner.Label}: {inner.Why}"))
        .FirstOrDefault();

    private string? Inside(StoredRun run, StoredNodeRun node)
    {
        var failed = store.GetFailedSubRuns(run, node.Label, ToldInFull).ToList();
        if (failed.Count == 0)
            return store.GetSubRuns(run, node.Label, unfinished: true).Select(subRun => OfStopped(node, subRun)).FirstOrDefault(Has);
        var first = OfFailed(node, failed[0]);
        if (node.Kind.RunsOneSubRun() || node.Errors.Failed == 0)
            return first.Message;
        var count = node.Errors.Failed;
        var more = count > failed.Count ? [Text($"and {count - failed.Count:N0} more")] : Array.Empty<string>();
        var others = string.Join('\n', failed.Skip(1).Select(other => OfFailed(node, other).Message).Concat(more));
        var of = node.Errors.Elements == 0 ? "" : Text($" of {node.Errors.Elements:N0}");
        return (first with { Count = new(node.Label, Text($"{count:N0}{of} {ElementFailures.Said}"), others) }).Message;
    }

    private FailedElement OfFailed(StoredNodeRun node, StoredRun subRun)
    {
        var (path, error) = (PathOf(node, subRun), DagDetails.WithoutPlace(subRun.Error ?? "It failed."));
        var value = node.Kind.HasElements() ? ElementName.Of(store, subRun) : "";
        // The node of a sub-DAG that was made from one scriptblock has the label of its map, so naming it would add nothing.
        if (subRun.FailedNode is not { } inner || inner.Equals(node.Label, StringComparison.OrdinalIgnoreCase))
            return new(path, error, value);
        return ErrorPlace.After(inner, error).Split(": ", 2) is [var place, var cause]
            ? new($"{path}/{place}", cause!, value)
            : new(path, error, value);
    }

    private string? OfStopped(StoredNodeRun node, StoredRun subRun)
    {
        var error = subRun.Errors.All == 0 ? null
            : store.GetNodeRuns(subRun).Where(inner => inner.Errors.All > 0).Select(inner => Said(subRun, inner)).FirstOrDefault(Has);
        return error is null ? null : $"{PathOf(node, subRun)}/{error}";
    }

    private string? Said(StoredRun subRun, StoredNodeRun inner) =>
        Told(subRun, inner).Error is { } error ? ErrorPlace.After(inner.Label, DagDetails.WithoutPlace(error.Split('\n')[0])) : null;

    private static bool Has(string? text) => text is not null;

    private static string PathOf(StoredNodeRun node, StoredRun subRun) => node.Kind.HasElements()
        ? $"{node.Label}[{subRun.ElementKey ?? Text($"{subRun.Ordinal}")}]"
        : node.Label;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
