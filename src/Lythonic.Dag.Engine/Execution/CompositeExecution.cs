using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// A map, call or switch node in flight. Elements are drawn as there is room for them; the node itself holds no slot, so any nesting works with
/// a throttle of one. Its state changes under the session's lock.
/// </summary>
internal sealed class CompositeExecution(RunExecution run, CompiledNode node)
{
    private readonly RunSession _session = run.Session;
    private readonly int _attempt = run.NextAttempt(node.Index);
    private readonly HashSet<RunExecution> _inFlight = [];
    private readonly ElementFailures _failures = new(node);
    private Elements _elements = Elements.None;
    private StoredElements _stored = StoredElements.None;
    private ElementResults _results = ElementResults.None;
    private NodeRunHandle? _handle;
    private DateTimeOffset _startedAt;
    private int _drawn;
    private int _choosing;
    private bool _isDrawing;
    private bool _ended;

    /// <summary>The run that the node is in.</summary>
    public RunExecution Run => run;

    public CompiledNode Node => node;

    /// <summary>Expands the node. Outside of the lock; never throws.</summary>
    public void Start()
    {
        try
        {
            Expand();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Fail(NodeFailure.From(error));
            return;
        }

        lock (_session.Lock)
            Draw();
        _session.Dispatch();
    }

    /// <summary>A sub-run ended, and that is posted to the store. Under the lock.</summary>
    public void ElementEnded(RunExecution child, DagRunStatus status)
    {
        _inFlight.Remove(child);
        var element = child.Element!;
        if (status == DagRunStatus.Completed)
            _results.Take(element.Ordinal, child.Output(child.Dag.Sink.Index));
        else if (status == DagRunStatus.Failed)
            _failures.Add(element.Key, child.FailedNode!, child.Failure!);
        Draw();
    }

    /// <summary>Looks again whether the node can end, after something said that no more nodes start. Under the lock.</summary>
    public void NoticeHalt()
    {
        foreach (var child in _inFlight.ToList())
            child.NoticeHalt();
        Draw();
    }

    private bool MayDraw => run.MayStart && (_session.Options.ContinueOnFailure || !_failures.Exceed(_elements.Count));

    private void Expand()
    {
        var upstream = run.Output(node.Upstreams[0]);
        _startedAt = _session.Now();
        _handle = _session.Provenance.StartNode(
            run.Handle, new NodeStart(node.Index, _attempt, _startedAt, upstream.Encoded is { } input ? [new NodeInput("$_", input)] : null));
        _session.Observer?.NodeStarted(run.Handle.RunId, node.Label);
        var value = upstream.Read(_session);
        _elements = Elements.Of(node, value, _session.Converter);
        _results = new ElementResults(_elements, node, _session);
        if (run.Resumed is { } resumed)
            _stored = StoredElements.Load(_session.Provenance, resumed, node, _results);
        if (node.Node.Kind == NodeKind.Map)
            _session.Observer?.MapExpanded(run.Handle.RunId, node.Label, _elements.Count);
    }

    private void Draw()
    {
        if (_ended || _isDrawing)
            return;
        // A sub-run that has nothing to do ends while it begins: the loop goes on instead of nesting.
        _isDrawing = true;
        var limit = node.Node.Settings.ThrottleLimit ?? _session.Options.ThrottleLimit;
        while (MayDraw && _drawn < _elements.Count && _inFlight.Count + _choosing < limit)
        {
            var ordinal = _drawn++;
            if (!_results.Has(ordinal))
                TryStart(_elements.At(ordinal));
        }

        _isDrawing = false;
        if (_inFlight.Count == 0 && _choosing == 0 && (!MayDraw || _drawn == _elements.Count))
            End();
    }

    private void TryStart(MapElement element)
    {
        try
        {
            StartElement(element);
        }
        catch (DagException error)
        {
            _failures.Add(element.Key, node.Label, NodeFailure.From(error));
        }
    }

    private void StartElement(MapElement element)
    {
        if (node.SubDags!.Single is { } only)
        {
            StartSubRun(element, only, null);
            return;
        }

        if (_stored.BranchOf(element.Ordinal) is { } chosen)
        {
            TakeBranch(element, NodeOutcome.Completed(chosen));
        }
        else if (node.Node.SubDags!.By is { } by)
        {
            _choosing++;
            var order = run.Order.Then(node.Index).Then(element.Ordinal);
            _session.Enqueue(new Ticket(run, order, () => _ = ChooseAsync(element, by), () => Chosen(element, null)));
        }
        else
        {
            TakeBranch(element, BranchLabel.Read(node, element, _session.Converter, out var rest), rest);
        }
    }

    private async Task ChooseAsync(MapElement element, NodePredicate by)
    {
        var outcome = await Predicate.AskAsync(run, node, by, element.Value).ConfigureAwait(false);
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
        if (outcome.Kind is NodeOutcomeKind.Paused)
            _session.Pause(outcome.PauseReason);
        if (outcome.Kind is NodeOutcomeKind.Failed)
            _failures.Add(element.Key, node.Label, outcome.Failure!);
        if (outcome.Kind is not NodeOutcomeKind.Completed)
            return;
        var name = BranchLabel.Text(outcome.Value, _session.Converter);
        if (node.SubDags!.Find(name) is { } branch)
            StartSubRun(rest ?? element, branch.Dag, branch.Key);
        else
            _failures.Add(element.Key, node.Label, BranchLabel.Unknown(node, name));
    }

    private void StartSubRun(MapElement element, CompiledDag dag, string? branch)
    {
        var key = node.Node.Kind == NodeKind.Switch ? branch! : element.Key;
        var path = $"{run.Path}/{node.Label}[{key}]";
        var stored = _stored.Unfinished(element.Ordinal);
        var handle = stored is null
            ? _session.Provenance.CreateRun(new RunStart(Guid.NewGuid().ToString(), path, dag.Definition, _session.Now())
            {
                Parent = run.Handle,
                ParentNode = node.Label,
                ElementKey = key,
                Ordinal = element.Ordinal,
                Branch = branch,
            })
            : _session.Provenance.ResumeRun(stored, run.Handle, dag.Definition);
        var order = run.Order.Then(node.Index).Then(element.Ordinal);
        var child = new RunExecution(_session, dag, handle, path, order, this) { Element = element, Resumed = stored };
        if (stored is not null)
            StoredNodes.Restore(child, stored, _session);
        _inFlight.Add(child);
        child.Begin();
    }

    private void End()
    {
        _ended = true;
        if (_results.IsComplete || (_drawn == _elements.Count && _failures.Count > 0 && !_failures.Exceed(_elements.Count) && run.MayStart))
            Finish(CompleteAsync);
        else if (_failures.Exceed(_elements.Count))
            Finish(() => { Fail(_failures.Summary(_elements.Count)); return Task.CompletedTask; });
        else
            Finish(() => { Close(_session.IsPausing && !_session.IsCancelled ? NodeStatus.Paused : NodeStatus.Cancelled, null, null); return Task.CompletedTask; });
    }

    // Building and encoding the result, and telling the run, are not for the lock.
    private static void Finish(Func<Task> finish) =>
        ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work(), finish, preferLocal: false);

    private async Task CompleteAsync()
    {
        try
        {
            var (value, encoded) = _results.Collect();
            Post(NodeStatus.Completed, encoded, _failures.Count == 0 ? null : _failures.Text());
            await _session.Provenance.FlushAsync().ConfigureAwait(false);
            Report(NodeStatus.Completed, OutputSlot.Live(value, encoded), null);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Fail(NodeFailure.From(error));
        }
    }

    private void Fail(NodeFailure failure) => Close(NodeStatus.Failed, null, failure);

    private void Close(NodeStatus status, EncodedValue? output, NodeFailure? failure)
    {
        Post(status, output, failure?.Detail ?? failure?.Message);
        Report(status, null, failure);
    }

    private void Post(NodeStatus status, EncodedValue? output, string? error)
    {
        _handle ??= _session.Provenance.StartNode(run.Handle, new NodeStart(node.Index, _attempt, _startedAt = _session.Now(), null));
        _session.Provenance.EndNode(_handle, new NodeEnd(status, _session.Now(), output, error, _failures.Messages(_session)));
    }

    private void Report(NodeStatus status, OutputSlot? output, NodeFailure? failure)
    {
        lock (_session.Lock)
            run.Untrack(this);
        run.NodeEnded(
            node,
            status,
            output,
            failure,
            new NodeResult(node.Label, node.Node.Kind, status, _attempt, _startedAt, _session.Now(), failure?.Message));
    }
}
