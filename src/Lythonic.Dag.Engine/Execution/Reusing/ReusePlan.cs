using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// Says beforehand which nodes of a run would reuse an output, and for the others what has changed, as far as their inputs are known.
/// Nothing runs and nothing is written.
/// </summary>
/// <param name="session">A session without observers.</param>
/// <param name="run">The run as it would begin, with what is done of it.</param>
internal sealed class ReusePlan(RunSession session, RunExecution run)
{
    private const string NothingToReuse = "no run of it is there to be reused";

    private readonly CompiledDag _dag = run.Dag;

    /// <summary>The plan with the nodes that would be reused.</summary>
    /// <param name="plan">The plan without reuse.</param>
    public IReadOnlyList<PlannedNode> Refine(IReadOnlyList<PlannedNode> plan)
    {
        var refined = plan.ToArray();
        foreach (var node in InOrder())
        {
            var planned = refined[node.Index];
            if (planned.Action != PlannedAction.Run)
                continue;
            if (node.Settings.Reuse && session.Provenance.KeepsRuns)
                planned = Refine(node, planned);
            refined[node.Index] = run.TakenElements?.Plan(run, node, planned) ?? planned;
        }

        return refined;
    }

    private PlannedNode Refine(CompiledNode node, PlannedNode planned)
    {
        if (run.MustRun(node))
            return planned;
        if (session.Reuse.For(_dag, node).Obstacle is { } obstacle)
            return planned with { Reason = CannotBeReused(obstacle) };
        if (Array.Find(node.Upstreams, upstream => !run.HasOutput(upstream)) is var open && HasOpen(node))
            return planned with
            {
                Reason = CodeChanges(node)
                    ?? $"'{_dag.Nodes[open].Label}' runs before it; it is reused if that node gives the same output as before",
            };
        if (node.Settings.Hosts?.Chooser is not null)
            return planned with { Reason = "its host is chosen when it runs; it is reused if the host is the same" };
        if (node.HasElements)
            return Elements(node, planned);
        var (found, record, why) = Look(node);
        if (found is null)
        {
            var reason = why is not null ? CannotBeReused(why) : record is null ? planned.Reason : Changes(node, record);
            return planned with { Reason = reason };
        }

        run.Restore(
            node.Index, NodeStatus.Skipped, NodeOutput.Stored(found.Output, node), 1,
            new NodeResult(node.Label, node.Kind, NodeStatus.Skipped, 1, null, null, null));
        return new(node.Label, PlannedAction.Reuse, $"its code and inputs are those of run {found.RanIn}");
    }

    private bool HasOpen(CompiledNode node) => Array.Exists(node.Upstreams, upstream => !run.HasOutput(upstream));

    private static string CannotBeReused(string obstacle) => $"it {obstacle}, and so it cannot be reused";

    private (StoredReuse? Found, ReuseRecord? Record, string? Why) Look(CompiledNode node)
    {
        if (node.SubDags is null)
        {
            var leaf = LeafReuse.Compare(run, node, node.RunsHere ? null : ReuseHost.NameOf(run, node), out var why);
            return (leaf?.Found, leaf?.Record, why);
        }

        var whole = SubRunReuse.Compare(run, node, out var obstacle);
        return (whole?.Found, whole?.Compared, obstacle);
    }

    private PlannedNode Elements(CompiledNode node, PlannedNode planned)
    {
        try
        {
            var upstream = run.Output(node.Upstreams[0]);
            var elements = node.Composite!.Draw(node, upstream.ReadAs(session, node.ExpectedInputType), session, upstream);
            var results = new ElementResults(elements, node, session);
            if (run.ResumedFor(node) is not null)
                StoredElements.Load(run, node, elements, upstream, results);
            var reused = Enumerable.Range(0, elements.Count).Count(ordinal =>
                !results.Has(ordinal) && SubRunReuse.Compare(run, node, elements.At(ordinal), null)?.Found is not null);
            return ReuseChanges.OfElements(run, node, results.Count, reused, elements.Count);
        }
        catch (DagException error)
        {
            return planned with { Reason = $"its elements cannot be read: {error.Message}" };
        }
    }

    // What is known to have changed although the inputs are not known yet.
    private string? CodeChanges(CompiledNode node)
    {
        if (session.Provenance.GetReuseParts(run.Path, node.Label) is not { } before)
            return NothingToReuse;
        var now = session.Reuse.For(_dag, node).Code;
        var names = now.Select(part => part.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return ReuseChanges.Between([.. before.Where(part => names.Contains(part.Name))], now);
    }

    private string Changes(CompiledNode node, ReuseRecord record)
    {
        if (session.Provenance.GetReuseParts(run.Path, node.Label) is not { } before)
            return NothingToReuse;
        return ReuseChanges.Between(before, [.. record.Code, .. record.Inputs]) ?? "its code last ran too long ago, or that run is gone";
    }

    // Each node comes after all its upstreams.
    private IEnumerable<CompiledNode> InOrder()
    {
        var waiting = _dag.Nodes.Select(node => node.Upstreams.Length).ToArray();
        var ready = new Queue<CompiledNode>(_dag.Nodes.Where(node => node.IsSource));
        while (ready.TryDequeue(out var node))
        {
            yield return node;
            foreach (var downstream in node.Downstreams)
            {
                if (--waiting[downstream] == 0)
                    ready.Enqueue(_dag.Nodes[downstream]);
            }
        }
    }
}
