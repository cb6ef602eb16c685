using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// A map, call or switch node in flight. Elements are drawn as there is room for them; the node itself holds no slot, so any nesting works with
/// a throttle of one. Its state changes under the session's lock.
/// </summary>
internal sealed partial class CompositeExecution(RunExecution run, CompiledNode node)
{
    private readonly RunSession _session = run.Session;
    private readonly HashSet<RunExecution> _inFlight = [];
    private readonly Dictionary<int, RunExecution> _unfinished = [];
    private readonly ElementFailures _failures = new(node, run.Session);
    private Elements _elements = Elements.None;
    private StoredElements _stored = StoredElements.None;
    private ElementResults _results = ElementResults.None;
    private ErrorSum _errors;
    private NodeRunHandle? _handle;
    private DateTimeOffset _startedAt;
    private int _attempt;
    private int _drawn;
    private int _choosing;
    private bool _isExpanded;
    private bool _isDrawing;
    private bool _ended;

    /// <summary>The run that the node is in.</summary>
    public RunExecution Run => run;

    public CompiledNode Node => node;

    /// <summary>Begins an attempt of the node: the first one, or one that goes on with what the one before left. Under the lock.</summary>
    public void Begin()
    {
        _attempt = run.NextAttempt(node.Index);
        (_handle, _drawn, _isExpanded, _ended) = (null, 0, false, false);
        _failures.Clear();
        ThreadPool.UnsafeQueueUserWorkItem(static begun => begun.Start(), this, preferLocal: false);
    }

    private void Start()
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
        {
            _isExpanded = true;
            Draw();
        }

        _session.Dispatch();
    }

    /// <summary>A sub-run ended, and that is posted to the store. Under the lock.</summary>
    public void ElementEnded(RunExecution child, DagRunStatus status)
    {
        _inFlight.Remove(child);
        var element = child.Element!;
        _errors.Set(element.Ordinal, new(child.Errors.All), child.FirstError is { } first ? $"[{element.Key}] {first}" : null);
        if (status != DagRunStatus.Completed && run.KeepsUnfinished)
            _unfinished[element.Ordinal] = child;
        if (status == DagRunStatus.Completed)
            _results.Take(element.Ordinal, child.Output(child.Dag.Sink.Index));
        else if (status == DagRunStatus.Failed)
            _failures.Add(element, child.FailedNode!, child.Failure!);
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
        _handle = run.StartNode(
            new NodeStart(node.Index, _attempt, _startedAt, upstream.Encoded is { } input ? [new NodeInput("$_", input)] : null));
        _session.Observer?.NodeStarted(run.Handle.RunId, node.Label);
        if (ReferenceEquals(_elements, Elements.None))
            Load(upstream);
        if (node.Node.Kind == NodeKind.Map)
            _session.Observer?.MapExpanded(run.Handle.RunId, node.Label, _elements.Count);
    }

    private void Load(OutputSlot upstream)
    {
        var elements = Elements.Of(node, upstream.ReadAs(_session, node.TakenType), _session.Converter, upstream);
        _results = new ElementResults(elements, node, _session);
        if (run.Resumed is { } resumed)
        {
            _stored = StoredElements.Load(_session.Provenance, resumed, node, _results);
            var (before, first) = _session.Provenance.GetSubRunErrors(resumed, node.Label);
            // Apart from those of this process, whatever the positions are now.
            _errors.Set(-1, before, first);
        }

        if (upstream.LostSecret is { } secret)
            RequireSecrets(elements, secret);
        _elements = elements;
    }

    // Elements that are done, or that the source of their sub-run has taken, can do without.
    private void RequireSecrets(Elements elements, string secret)
    {
        for (var ordinal = 0; ordinal < elements.Count; ordinal++)
        {
            if (!_results.Has(ordinal) && _session.Converter.FindSecret(elements.At(ordinal).Value) is not null && !_stored.IsTaken(_session.Provenance, node, ordinal))
                throw StoredNodes.SecretLost(run, node.Upstreams[0], node.Label, secret);
        }
    }

    private void Draw()
    {
        if (!_isExpanded || _ended || _isDrawing)
            return;
        // A sub-run that has nothing to do ends while it begins: the loop goes on instead of nesting.
        _isDrawing = true;
        var limit = node.Node.Settings.ThrottleLimit ?? _session.Options.ThrottleLimit;
        while (MayDraw && _drawn < _elements.Count && _inFlight.Count + _choosing < limit)
        {
            var ordinal = _drawn++;
            if (!_results.Has(ordinal))
                StartElement(_elements.At(ordinal));
        }

        _isDrawing = false;
        if (_inFlight.Count == 0 && _choosing == 0 && (!MayDraw || _drawn == _elements.Count))
            End();
    }

    private void End()
    {
        _ended = true;
        var exceeds = _failures.Exceed(_elements.Count);
        if (!exceeds && _results.Count + _failures.Count == _elements.Count)
            Finish(CompleteAsync);
        else if (exceeds)
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
            var output = _results.Collect();
            var (first, all) = _failures.Count == 0 ? (null, null) : _failures.Allowed(_elements.Count);
            var errors = _failures.Count == 0 ? _errors.Total : _errors.Total + new ErrorCounts(_failures.Count, _failures.Count, _elements.Count);
            var said = all ?? _errors.First;
            Post(NodeStatus.Completed, output.Encoded, said, errors);
            await _session.Provenance.FlushAsync().ConfigureAwait(false);
            if (first is not null)
                _session.Observer?.NodeSaid(Context(), new NodeMessage("warning", first, _session.Now()), null);
            Report(NodeStatus.Completed, output, null, errors, said);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Fail(NodeFailure.From(error));
        }
    }

    private DagContext Context()
    {
        var context = new DagContext();
        context.Initialize(run.Dag.Dag.Name, run.Path, node.Label, run.Handle.RunId, _attempt, run.Token);
        return context;
    }

    private void Fail(NodeFailure failure) => Close(NodeStatus.Failed, null, failure);

    private void Close(NodeStatus status, EncodedValue? output, NodeFailure? failure)
    {
        var errors = _errors.Total;
        Post(status, output, failure?.Detail ?? failure?.Message, errors);
        Report(status, null, failure, errors);
    }

    private void Post(NodeStatus status, EncodedValue? output, string? error, ErrorCounts errors)
    {
        _handle ??= run.StartNode(new NodeStart(node.Index, _attempt, _startedAt = _session.Now(), null));
        _session.Provenance.EndNode(_handle, new NodeEnd(status, _session.Now(), output, error, _failures.Messages()) { Errors = errors });
    }

    private void Report(NodeStatus status, OutputSlot? output, NodeFailure? failure, ErrorCounts errors, string? said = null)
    {
        lock (_session.Lock)
            run.Untrack(this, status);
        run.NodeEnded(
            node,
            status,
            output,
            failure,
            new NodeResult(node.Label, node.Node.Kind, status, _attempt, _startedAt, _session.Now(), failure?.Message ?? said)
            {
                Errors = errors,
                Messages = _session.Provenance.KeepsRuns || run.Parent is not null ? [] : _failures.List(),
            });
    }
}
