using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// Starts an element that a composite node has drawn: chooses its branch, where there are several, and opens its sub-run. Outside of the lock.
/// </summary>
internal sealed class ElementStart(CompositeExecution composite)
{
    private readonly RunExecution _run = composite.Run;
    private readonly CompiledNode _node = composite.Node;
    private readonly RunSession _session = composite.Run.Session;

    /// <summary>Starts an element; the composite node is told what came of it.</summary>
    public void Start(int ordinal)
    {
        var element = composite.Elements.At(ordinal);
        if (!MayStart())
            composite.NotStarted(element, null);
        else if (composite.TakeUnfinished(element) is { } before)
            Open(element, () => Reopened(before));
        else if (_node.SubDags!.Single is { } only)
            Open(element, () => Opened(element, only, null));
        else if (_node.Node.SubDags!.By is not { } by)
            // What a value says of its branch may be code of a user's.
            _session.Background.Start(() => Read(element));
        else if (composite.Stored.BranchOf(ordinal) is { } chosen)
            Take(element, chosen);
        else
            Ask(element, by);
    }

    private bool MayStart()
    {
        lock (_session.Lock)
            return composite.MayStart;
    }

    private void Ask(MapElement element, NodePredicate by)
    {
        lock (_session.Lock)
        {
            _session.Enqueue(new Ticket(
                _run, composite.OrderOf(element), () => _session.Background.Begin(() => AskAsync(element, by)), composite.LeaveOut));
        }

        _session.Dispatch();
    }

    private async Task AskAsync(MapElement element, NodePredicate by)
    {
        _run.StartClocks();
        var outcome = await Predicate.AskAsync(_run, _node, by, element.Value).ConfigureAwait(false);
        _session.Release();
        if (outcome.Kind == NodeOutcomeKind.Paused)
            _session.Pause(outcome.PauseReason);
        Choose(element, element, outcome);
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

    // The branch as a text is the value's own to say, and that may fail as any other code of a user's.
    private void Choose(MapElement element, MapElement rest, NodeOutcome outcome)
    {
        if (outcome.Kind != NodeOutcomeKind.Completed)
        {
            composite.NotStarted(element, outcome.Failure);
            return;
        }

        string name;
        try
        {
            name = BranchLabel.Text(outcome.Value, _session.Converter);
        }
        catch (Exception error)
        {
            composite.NotStarted(element, NodeFailure.From(error));
            return;
        }

        Take(rest, name);
    }

    private void Take(MapElement element, string name)
    {
        if (_node.SubDags!.Find(name) is { } branch)
            Open(element, () => Opened(element, branch.Dag, branch.Key));
        else
            composite.NotStarted(element, BranchLabel.Unknown(_node, name));
    }

    // A stored sub-run that cannot be taken up is the element's failure; any other exception is nobody's here, and ends the run.
    private void Open(MapElement element, Func<RunExecution> open)
    {
        RunExecution child;
        try
        {
            child = open();
        }
        catch (DagException error)
        {
            composite.NotStarted(element, NodeFailure.From(error));
            return;
        }

        composite.Started(child);
    }

    private RunExecution Opened(MapElement element, CompiledDag dag, string? branch)
    {
        var key = composite.Kind.KeyOf(element, branch);
        var path = $"{_run.Path}/{_node.Label}[{key}]";
        var stored = composite.Stored.Unfinished(element.Ordinal);
        var now = _session.Now();
        var handle = stored is null
            ? _session.Provenance.CreateRun(new RunStart(RunIds.OfSubRun(now), path, dag.Definition, now)
            {
                Parent = _run.Handle,
                ParentNode = _node.Label,
                ElementKey = key,
                Ordinal = element.Ordinal,
                Branch = branch,
            })
            : _session.Provenance.ResumeRun(stored, _run.Handle, StoredNodes.DefinitionOf(dag, stored, _session.Provenance));
        var child = new RunExecution(_session, dag, handle, path, composite.OrderOf(element), composite) { Element = element, Resumed = stored };
        child.Announce();
        if (stored is not null)
            StoredNodes.Restore(child, stored, _session);
        return child;
    }

    private static RunExecution Reopened(RunExecution before)
    {
        before.Reopen();
        return before;
    }
}
