using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <content>How an element begins: which branch it takes, and its sub-run.</content>
internal sealed partial class CompositeExecution
{
    private OrderKey OrderOf(MapElement element) => run.Order.Then(node.Index).Then(element.Ordinal);

    private void StartElement(MapElement element)
    {
        if (_unfinished.Remove(element.Ordinal, out var before))
            TryStart(element, () => Resume(before));
        else if (node.SubDags!.Single is { } only)
            TryStart(element, () => StartSubRun(element, only, null));
        else if (node.Node.SubDags!.By is not { } by)
            TakeBranch(element, BranchLabel.Read(node, element, _session.Converter, out var rest), rest);
        else if (_stored.BranchOf(element.Ordinal) is { } chosen)
            TakeBranch(element, NodeOutcome.Completed(chosen));
        else
            Choose(element, by);
    }

    private void Choose(MapElement element, NodePredicate by)
    {
        _choosing++;
        _session.Enqueue(new Ticket(run, OrderOf(element), () => _ = ChooseAsync(element, by), () => Chosen(element, null)));
    }

    private async Task ChooseAsync(MapElement element, NodePredicate by)
    {
        run.StartClocks();
        var outcome = await Predicate.AskAsync(run, node, by, element.Value).ConfigureAwait(false);
        if (outcome.Kind == NodeOutcomeKind.Paused)
            _session.Pause(outcome.PauseReason);
        lock (_session.Lock)
            Chosen(element, outcome);
        _session.Release();
        _session.Dispatch();
    }

    private void Chosen(MapElement element, NodeOutcome? outcome)
    {
        _choosing--;
        if (outcome is { } known)
            TakeBranch(element, known);
        Draw();
    }

    private void TakeBranch(MapElement element, NodeOutcome outcome, MapElement? rest = null)
    {
        if (outcome.Kind is NodeOutcomeKind.Failed)
            _failures.Add(element, null, outcome.Failure!);
        if (outcome.Kind is not NodeOutcomeKind.Completed)
            return;
        var name = BranchLabel.Text(outcome.Value, _session.Converter);
        if (node.SubDags!.Find(name) is { } branch)
            TryStart(element, () => StartSubRun(rest ?? element, branch.Dag, branch.Key));
        else
            _failures.Add(element, null, BranchLabel.Unknown(node, name));
    }

    // Under the lock, and with nobody above who would take an error: it is the element's own.
    private void TryStart(MapElement element, Action start)
    {
        try
        {
            start();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            _failures.Add(element, null, NodeFailure.From(error));
        }
    }

    private void StartSubRun(MapElement element, CompiledDag dag, string? branch)
    {
        var key = node.Node.Kind == NodeKind.Switch ? branch! : element.Key;
        var path = $"{run.Path}/{node.Label}[{key}]";
        var stored = _stored.Unfinished(element.Ordinal);
        var now = _session.Now();
        var handle = stored is null
            ? _session.Provenance.CreateRun(new RunStart(RunIds.OfSubRun(now), path, dag.Definition, now)
            {
                Parent = run.Handle,
                ParentNode = node.Label,
                ElementKey = key,
                Ordinal = element.Ordinal,
                Branch = branch,
            })
            : _session.Provenance.ResumeRun(stored, run.Handle, StoredNodes.DefinitionOf(dag, stored, _session.Provenance));
        var child = new RunExecution(_session, dag, handle, path, OrderOf(element), this) { Element = element, Resumed = stored };
        if (stored is not null)
            StoredNodes.Restore(child, stored, _session);
        _inFlight.Add(child);
        child.Begin();
    }

    private void Resume(RunExecution child)
    {
        _inFlight.Add(child);
        child.Resume();
    }
}
