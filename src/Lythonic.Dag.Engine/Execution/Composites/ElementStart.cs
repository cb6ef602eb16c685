using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// Starts an element that a composite node has drawn: chooses its branch, if there are several, and opens its sub-run. Call its members
/// outside of the lock.
/// </summary>
internal sealed class ElementStart(CompositeExecution composite)
{
    private readonly RunExecution _run = composite.Run;
    private readonly CompiledNode _node = composite.Node;
    private readonly RunSession _session = composite.Run.Session;
    private readonly UnchosenSubRuns _unchosen = new(composite.Run, composite.Node);
    private readonly ReusedElement? _reused = ReusedElement.For(composite);

    /// <summary>Starts an element, and tells the composite node how that went.</summary>
    public void Start(int ordinal)
    {
        var element = composite.Work.At(ordinal);
        if (!MayStart())
            composite.NotStarted(element, null);
        else if (composite.RemoveUnfinished(element) is { } before)
            Begin(element, _ => Reopened(before), null);
        else if (HasHostsToChoose || _reused?.TryTake(element, null) != true)
            Begin(element);
    }

    private bool HasHostsToChoose => _node.Settings.Hosts?.Chooser is not null;

    private void Begin(MapElement element)
    {
        if (_node.SubDags!.Single is { } only)
            Open(element, place => Opened(element, only, null, place, element.Reuse));
        else if (_node.Declaration.SubDags!.By is not { } by)
            // Reading the branch of a value may run code of the user.
            _session.Background.Start(() => Read(element));
        else
            new BranchChoice(composite, element, by, (outcome, retries) => Choose(element, element, outcome, retries)).Ask();
    }

    private bool MayStart()
    {
        lock (_session.Lock)
            return composite.MayStart;
    }

    private void Read(MapElement element)
    {
        var rest = element;
        NodeOutcome outcome;
        try
        {
            outcome = BranchLabel.Read(_node, element, _session.Converter, out rest);
        }
        catch (Exception error)
        {
            outcome = NodeOutcome.Failed(NodeFailure.From(error));
        }

        Choose(element, rest, outcome);
    }

    // Turning the branch into text may run code of the user too.
    private void Choose(MapElement element, MapElement rest, NodeOutcome outcome, int retries = 0)
    {
        if (outcome.Kind != NodeOutcomeKind.Completed)
        {
            NotChosen(element, outcome.Failure);
            return;
        }

        string name;
        try
        {
            name = BranchLabel.Render(_node, outcome.Value, _session.Converter);
        }
        catch (Exception error)
        {
            NotChosen(element, NodeFailure.From(error));
            return;
        }

        if (_node.SubDags!.Find(name) is { } branch)
            Open(element, place => Opened(rest, branch.Dag, branch.Key, place, element.Reuse, retries));
        else
            NotChosen(element, BranchLabel.Unknown(_node, name));
    }

    private void NotChosen(MapElement element, NodeFailure? failure)
    {
        if (failure is not null && composite.Node.HasElements)
            _unchosen.Fail(element, composite.Stored.Unfinished(element.Ordinal), failure);
        composite.NotStarted(element, failure);
    }

    private void Open(MapElement element, Func<HostPlace?, RunExecution> open)
    {
        if (composite.Hosts is null)
            Begin(element, open, null);
        else
            OpenOn(composite.Hosts, element, open);
    }

    private void OpenOn(ElementHosts hosts, MapElement element, Func<HostPlace?, RunExecution> open) =>
        hosts.Place(element, place => BeginOn(element, open, place), failure => NotChosen(element, failure));

    // The name of the host is part of the comparison if there is only one.
    private void BeginOn(MapElement element, Func<HostPlace?, RunExecution> open, HostPlace? place)
    {
        if (!HasHostsToChoose || _reused?.TryTake(element, place) != true)
            Begin(element, open, place);
    }

    // If a stored sub-run cannot be continued, the element fails. Any other exception ends the run.
    private void Begin(MapElement element, Func<HostPlace?, RunExecution> open, HostPlace? place)
    {
        RunExecution child;
        try
        {
            // The wait for room on a host may have been long: check again whether the element may start.
            if (place is not null && !MayStart())
            {
                composite.NotStarted(element, null, place);
                return;
            }

            child = open(place);
        }
        catch (DagException error)
        {
            composite.NotStarted(element, NodeFailure.From(error), place);
            return;
        }

        composite.Started(child);
    }

    private RunExecution Opened(
        MapElement element, CompiledDag dag, string? branch, HostPlace? place, SubRunReuse? reuse, int retries = 0)
    {
        var key = composite.Kind.KeyOf(element, branch);
        var path = $"{_run.Path}/{_node.Label}[{key}]";
        var before = composite.Stored.Unfinished(element.Ordinal) ?? _unchosen.RemoveHandle(element.Ordinal);
        // A stored sub-run of another branch cannot be used.
        var stored = before?.Branch is { } other && !other.Equals(branch, StringComparison.OrdinalIgnoreCase) ? null : before;
        var now = _session.Now();
        var handle = stored is null
            ? _session.Provenance.CreateRun(new RunStart(RunIds.OfSubRun(now), path, dag.Definition, now)
            {
                Parent = _run.Handle,
                ParentNode = _node.Label,
                ElementKey = key,
                ElementId = element.Id,
                Ordinal = element.Ordinal,
                Branch = branch,
            })
            : _session.Provenance.ResumeRun(
                stored with { Branch = branch }, _run.Handle, ChangedNodes.DefinitionOf(dag, stored, _session.Provenance));
        var child = new RunExecution(_session, dag, handle, path, composite.OrderOf(element), composite)
        {
            Element = element,
            Resumed = stored,
            Retries = retries,
            Reuse = reuse,
        };
        if (place is not null)
            child.Place = place;
        child.Announce();
        if (stored is not null)
            NodeRestoration.Restore(child, stored, _session);
        return child;
    }

    private static RunExecution Reopened(RunExecution before)
    {
        before.Reopen();
        return before;
    }
}
