using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The lines of a log, if somebody asked for one: each start, end, retry and wait of the nodes of the run; only failures, retries and waits
/// of elements. Outside of the lock.
/// </summary>
internal static class RunLog
{
    /// <summary>Logs that an attempt starts.</summary>
    public static void Started(RunExecution run, CompiledNode node, int attempt)
    {
        if (run.Session.Options.LogsNodes && run.Parent is null)
            Say(run, node.Label, attempt, $"Starts, attempt {run.Tally.TryOf(node.Index, attempt)}.");
    }

    /// <summary>Logs that a node ended or is not run.</summary>
    public static void Ended(RunExecution run, NodeResult result)
    {
        if (!run.Session.Options.LogsNodes || (run.Parent is not null && result.Status != NodeStatus.Failed))
            return;
        if (result.Status == NodeStatus.Skipped)
        {
            var place = result.ReusedFrom is { } origin ? $" from run {RunIds.Short(origin)}" : "";
            Say(run, result.Label, result.Attempt, $"Reused{place}");
            return;
        }

        var took = result is { StartedAt: { } from, FinishedAt: { } to } ? $", {DurationText.Render(to - from)}" : "";
        var why = result.Error is null ? "" : $": {ErrorPlace.Beside(result.Label, result.Error)}";
        var count = $", attempt {run.Tally.TryOf(run.Dag.Graph.IndexOf(result.Label), result.Attempt)}";
        var reused = result.ReusedElements == 0 ? "" : $", {Reused(run, result)}";
        Say(run, result.Label, result.Attempt, $"{Name(result.Status)}{count}{took}{reused}{why}");
    }

    // Asking the store costs a query, which only a log is worth.
    private static string Reused(RunExecution run, NodeResult map)
    {
        var count = $"reused {NumberText.Count(map.ReusedElements)} of {NumberText.Count(map.ElementCount ?? 0, "element")}";
        var root = run.Session.Root!.Handle.RunId;
        var runs = run.Session.Provenance.GetReuseOrigins(run.Handle.RunId, map.Label)
            .Select(origin => origin is null ? "runs that were removed" : origin == root ? "this run" : $"run {RunIds.Short(origin)}")
            .ToList();
        return runs.Count == 0 ? count : $"{count} from {LabelList.JoinQuoted(runs)}";
    }

    /// <summary>Logs that an attempt waits.</summary>
    /// <param name="run">The run.</param>
    /// <param name="node">The node.</param>
    /// <param name="attempt">The attempt that it will be.</param>
    /// <param name="why">What it waits for, or why it is tried again.</param>
    /// <param name="delay">How long it waits, if that is known and takes time.</param>
    public static void Waits(RunExecution run, int node, int attempt, string why, TimeSpan delay = default)
    {
        if (!run.Session.Options.LogsNodes)
            return;
        var time = delay > TimeSpan.Zero ? $" {DurationText.Render(delay)}" : "";
        Say(run, run.Dag.Nodes[node].Label, attempt, $"Waits{time}, attempt {run.Tally.TryOf(node, attempt)}: {why}");
    }

    /// <summary>Logs that the run has ended.</summary>
    public static void Summary(RunExecution run, DagRunResult result)
    {
        if (!run.Session.Options.LogsNodes)
            return;
        var counts = result.Nodes.GroupBy(node => node.Status).OrderBy(group => group.Key)
            .Select(group => $"{group.Count()} {(group.Key == NodeStatus.Pending ? "not run" : Name(group.Key).ToLowerInvariant())}");
        var nodes = $"{result.Nodes.Count} {(result.Nodes.Count == 1 ? "node" : "nodes")}";
        Say(run, run.Dag.Name, 1, $"{nodes}: {string.Join(", ", counts)}, {DurationText.Render(result.FinishedAt - result.StartedAt)}");
    }

    private static void Say(RunExecution run, string label, int attempt, string text)
    {
        // The node of a sub-DAG that was made from one scriptblock has the label of its map, so naming it would add nothing.
        var isOfMap = run.Parent is { Node: { HasElements: true } map } && map.Label.Equals(label, StringComparison.OrdinalIgnoreCase);
        var within = run.Parent is null ? label : $"{run.Path[(run.Session.Root!.Path.Length + 1)..]}{(isOfMap ? "" : $"/{label}")}";
        var context = new DagContext();
        context.Initialize(run.Dag.Name, run.Path, within, run.Handle.RunId, attempt, CancellationToken.None);
        run.Session.Observer?.NodeSaid(context, new NodeMessage("verbose", $"[{within}] {text}", run.Session.Now()), null);
    }

    private static string Name(NodeStatus status) => status switch
    {
        NodeStatus.Skipped => "Reused",
        NodeStatus.UpstreamFailed => "Not run after a failure",
        _ => status.ToString(),
    };
}
