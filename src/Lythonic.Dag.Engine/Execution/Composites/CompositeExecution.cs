using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// A composite node in flight. It draws elements as there is room for them: <see cref="ElementStart"/> starts one,
/// <see cref="ElementRetry"/> tries one again, <see cref="ElementResults"/> and <see cref="ElementFailures"/> collect. The node itself
/// holds no slot, so any nesting works with a throttle of one. Its state changes under the session's lock.
/// </summary>
internal sealed class CompositeExecution
{
    private readonly RunSession _session;
    private readonly HashSet<RunExecution> _inFlight = [];
    private readonly Dictionary<int, RunExecution> _unfinished = [];
    private readonly ElementStart _start;
    private readonly ElementRetry _retry;
    private readonly ElementFailures _failures;
    private readonly int _limit;
    private ElementResults _results = ElementResults.None;
    private Batches _batches = Batches.None;
    private ErrorSum _errors;
    private SubRunReuse? _reuse;
    private NodeRunHandle? _handle;
    private DateTimeOffset _startedAt;
    private int _attempt;
    private int _drawn;
    private int _starting;
    private bool _isExpanded;
    private bool _hasEnded;
    private bool _hasWaited;

    public CompositeExecution(RunExecution run, CompiledNode node)
    {
        Run = run;
        Node = node;
        _session = run.Session;
        Kind = node.Composite!;
        _start = new ElementStart(this);
        _retry = new ElementRetry(this);
        _failures = new ElementFailures(node, run.Session);
        Hosts = node.Settings.Hosts is { } hosts ? new ElementHosts(this, hosts) : null;
        _limit = Hosts is null
            ? node.Settings.ThrottleLimit ?? run.Session.Options.ThrottleLimit
            : Math.Min(node.Settings.ThrottleLimit ?? int.MaxValue, Hosts.Limit);
        if (node.Settings.Locks is null)
            return;
        // What is for one at a time is so for its elements.
        _limit = 1;
        Locks = new CompositeLocks(this, WaitForLocks, LocksTaken, LocksFailed);
    }

    /// <summary>The run that the node is in.</summary>
    public RunExecution Run { get; }

    public CompiledNode Node { get; }

    public CompositeKind Kind { get; }

    /// <summary>The hosts of its elements; <see langword="null"/> where they are where the node is.</summary>
    public ElementHosts? Hosts { get; }

    /// <summary>The locks that it holds from its first element on; <see langword="null"/> for none.</summary>
    public CompositeLocks? Locks { get; }

    /// <summary>What the node works through, once it is expanded.</summary>
    public Elements Elements { get; private set; } = Elements.None;

    /// <summary>What the store has of an earlier process's sub-runs.</summary>
    public StoredElements Stored { get; private set; } = StoredElements.None;

    /// <summary>Which attempt of the node this is, over all restarts of the run.</summary>
    public int Attempt => _attempt;

    /// <summary>Begins an attempt of the node: the first one, or one that goes on with what the one before left. Under the lock.</summary>
    /// <param name="attempt">The attempt that has begun already, for the node's condition; or <see langword="null"/>.</param>
    public void Begin(int? attempt)
    {
        _attempt = attempt ?? Run.NextAttempt(Node.Index);
        _handle = null;
        _drawn = 0;
        _isExpanded = false;
        _hasEnded = false;
        _failures.Clear();
        _session.Background.Start(Start);
    }

    /// <summary>Where what an element starts stands among what is ready.</summary>
    public OrderKey OrderOf(MapElement element) => Run.Order.Then(Node.Index).Then(element.Ordinal);

    /// <summary>Whether another element may start. Under the lock.</summary>
    public bool MayStart =>
        Run.Limits.MayStartNode(Node) && (_session.Options.ContinueOnFailure || !_failures.Exceed(_batches.Size));

    /// <summary>The sub-run that an earlier attempt of the node left of an element; it is taken once.</summary>
    public RunExecution? RemoveUnfinished(MapElement element)
    {
        lock (_session.Lock)
            return _unfinished.Remove(element.Ordinal, out var child) ? child : null;
    }

    /// <summary>The sub-run of an element that was drawn begins. Outside of the lock.</summary>
    public void Started(RunExecution child)
    {
        lock (_session.Lock)
        {
            _starting--;
            _inFlight.Add(child);
            child.Begin();
        }

        _session.Dispatch();
    }

    /// <summary>
    /// An element that was drawn has no sub-run, because that failed or because nothing starts any more. Outside of the lock.
    /// </summary>
    public void NotStarted(MapElement element, NodeFailure? failure, HostPlace? place = null)
    {
        lock (_session.Lock)
        {
            if (place is not null)
                Hosts!.Left(place);
            if (failure is not null)
                _failures.Add(element, null, failure);
            LeaveOut();
        }

        _session.Dispatch();
    }

    /// <summary>An element that was drawn takes over an output. Outside of the lock.</summary>
    public void Reused(MapElement element, NodeOutput output, HostPlace? place)
    {
        lock (_session.Lock)
        {
            if (place is not null)
                Hosts!.Left(place);
            _results.Add(element.Ordinal, output);
            LeaveOut();
        }
    }

    /// <summary>An element that was drawn does not start, because nothing does any more. Under the lock.</summary>
    public void LeaveOut()
    {
        _starting--;
        Draw();
    }

    /// <summary>A sub-run ended, and that is posted to the store. Outside of the lock.</summary>
    public void ElementEnded(RunExecution child, DagRunStatus status)
    {
        lock (_session.Lock)
        {
            _inFlight.Remove(child);
            Hosts?.Left(child.Place!);
            var element = child.Element!;
            _errors.Set(element.Ordinal, new(child.Errors.All), child.FirstError is { } first ? $"[{element.Key}] {first}" : null);
            if (status != DagRunStatus.Completed && Run.KeepsUnfinished)
                _unfinished[element.Ordinal] = child;
            if (status == DagRunStatus.Completed)
                _results.Add(element.Ordinal, child.HasOutput(child.Dag.Sink.Index) ? child.Output(child.Dag.Sink.Index) : null);
            else if (status == DagRunStatus.Failed)
                _failures.Add(element, child.FailedNode!, child.Failure!);
            Draw();
        }

        _session.Dispatch();
    }

    /// <inheritdoc cref="ElementRetry.Takes"/>
    public bool TriesAgain(RunExecution child) => _retry.Takes(child);

    /// <summary>Looks again whether the node can end, after something said that no more nodes start. Under the lock.</summary>
    public void EndIfHalted()
    {
        foreach (var child in _inFlight)
            child.EndIfHalted();
        Draw();
    }

    /// <inheritdoc cref="RunExecution.Abandon"/>
    public bool Abandon()
    {
        var inside = false;
        foreach (var child in _inFlight)
            inside |= child.Abandon();
        if (inside || _hasEnded)
            return inside;
        End();
        return true;
    }

    private void Start()
    {
        try
        {
            if (Node.Settings.Reuse && !Kind.IsOverElements && _session.Provenance.KeepsRuns)
                _reuse = SubRunReuse.Compare(Run, Node, out _);
            if (_reuse?.Found is not null)
            {
                _session.Background.Start(TakeOverAsync);
                return;
            }

            Expand();
        }
        catch (Exception error)
        {
            Fail(NodeFailure.From(error));
            return;
        }

        lock (_session.Lock)
        {
            _isExpanded = true;
            _batches = new Batches(Node.Settings.Batch, Elements.Count);
            Draw();
        }

        _session.Dispatch();
    }

    private async Task TakeOverAsync()
    {
        var found = _reuse!.Found!;
        _startedAt = _session.Now();
        _handle = Run.Waiting.Start(new NodeStart(Node.Index, _attempt, _startedAt, _reuse.Input));
        _session.Provenance.EndNode(
            _handle, new NodeEnd(NodeStatus.Skipped, _startedAt, found.Output) { ReusedFrom = found.RanIn, Reuse = _reuse.Again });
        Run.Release(Node, Run.WarningsOf(Node));
        if (await FlushAsync().ConfigureAwait(false) is { } failure)
            Report(NodeStatus.Failed, null, failure, default);
        else
            Report(NodeStatus.Skipped, NodeOutput.Stored(found.Output, Node), null, default);
    }

    private void Expand()
    {
        var upstream = Upstream();
        var change = ValueChange.None;
        // What cannot be read fails the node below, with its input.
        var input = upstream.Form is null || !upstream.TryRead(_session) ? upstream.Encoded : upstream.RefreshForm(_session, out change);
        _startedAt = _session.Now();
        _handle = Run.Waiting.Start(new NodeStart(Node.Index, _attempt, _startedAt, input is null ? null : [new NodeInput("$_", input)]));
        // A condition that is met is not asked again after a crash.
        if (Node.Settings.If is not null && _session.Provenance.KeepsRuns)
            _session.Provenance.FlushAsync().AsTask().GetAwaiter().GetResult();
        _session.Observer?.NodeStarted(Run.Handle.RunId, Node.Label);
        RunLog.Started(Run, Node, _attempt);
        if (change != ValueChange.None)
            Run.WarningsOf(Node).OfChange($"The output of node '{Run.Dag.Nodes[Node.Upstreams[0]].Label}'", Node.Label, change);
        if (ReferenceEquals(Elements, Elements.None))
            Load(upstream);
        if (Kind.IsOverElements)
            _session.Observer?.MapExpanded(Run.Handle.RunId, Node.Label, Elements.Count);
    }

    // Where it gave nothing, a closing node that is a map has nothing to work through.
    private NodeOutput Upstream() => Run.HasOutput(Node.Upstreams[0])
        ? Run.Output(Node.Upstreams[0])
        : NodeOutput.Live(Kind.IsOverElements ? Array.Empty<object?>() : null, null);

    private void Load(NodeOutput upstream)
    {
        var elements = Kind.Draw(Node, upstream.ReadAs(_session, Node.ExpectedInputType), _session, upstream);
        if (elements.IsLoneDictionary)
            Run.Warn(Node, LoneDictionary(elements.Count));
        if (elements.Ids is not null)
            elements = ElementOrder.Keep(Run, Node.Label, elements, _handle!);
        _results = new ElementResults(elements, Node, _session, Run.IsShared(Node));
        if (Run.ResumedFor(Node) is { } resumed)
            LoadStored(resumed, elements, upstream);
        Run.TakenElements?.TakeOver(Run, Node, elements, upstream, _results);
        if (upstream.LostSecret is { } secret && Needs(elements, value => _session.Converter.FindSecret(value) is not null))
            throw StoredOutputErrors.SecretLost(Run, Node.Upstreams[0], Node.Label, secret);
        if (upstream.HasCut && Needs(elements, _session.Converter.HasCut))
            throw StoredOutputErrors.PartsLost(Run, Node.Upstreams[0], Node.Label);
        Elements = elements;
    }

    private void LoadStored(StoredRun resumed, Elements elements, NodeOutput upstream)
    {
        Stored = StoredElements.Load(Run, Node, elements, upstream, _results);
        var (before, first) = _session.Provenance.GetSubRunErrors(resumed, Node.Label);
        // Apart from those of this process, whatever the positions are now.
        _errors.Set(-1, before, first);
    }

    // Elements that are done, or that the source of their sub-run has taken, can do without.
    private bool Needs(Elements elements, Func<object?, bool> lacks)
    {
        for (var ordinal = 0; ordinal < elements.Count; ordinal++)
        {
            if (!_results.Has(ordinal) && lacks(elements.At(ordinal).Value) && !Stored.IsTaken(_session.Provenance, Node, ordinal))
                return true;
        }

        return false;
    }

    private void Draw()
    {
        if (!_isExpanded || _hasEnded)
            return;
        if (Hosts is not null && !MayStart)
            _starting -= Hosts.Withdraw();
        if (Locks is not null && AwaitsLocks(Locks))
            return;
        do
        {
            DrawBatch();
            if (_inFlight.Count > 0 || _starting > 0)
                return;
        }
        while (MayStart && NextBatch());
        End();
    }

    // With the first element that starts: where there is none, there is nothing to lock.
    private bool AwaitsLocks(CompositeLocks locks)
    {
        if (locks.IsHeld || locks.IsWaiting)
            return locks.IsWaiting;
        var left = Enumerable.Range(_drawn, Elements.Count - _drawn);
        return MayStart && left.Any(ordinal => !_results.Has(ordinal)) && locks.Ask();
    }

    private void WaitForLocks()
    {
        _hasWaited = true;
        RunLog.Waits(Run, Node.Index, _attempt, NodeLocks.Wait(Node));
        Record(NodeLocks.Wait(Node));
    }

    private void LocksTaken()
    {
        if (_hasWaited && Locks!.IsHeld)
            Record(null);
        _hasWaited = false;
        lock (_session.Lock)
            Draw();
        _session.Dispatch();
    }

    private void LocksFailed(NodeFailure failure)
    {
        lock (_session.Lock)
        {
            if (_hasEnded)
                return;
            _hasEnded = true;
        }

        Fail(failure);
    }

    private void Record(string? waits) => _session.Provenance.BeginNode(
        _handle!,
        new NodeStart(Node.Index, _attempt, _session.Now(), null) { Waits = waits, IsConditionMet = Run.IsConditionMet(Node.Index) });

    private void DrawBatch()
    {
        while (MayStart && _drawn < _batches.End && _inFlight.Count + _starting < _limit)
        {
            var ordinal = _drawn++;
            if (_results.Has(ordinal))
                continue;
            _starting++;
            _session.Defer(() => _start.Start(ordinal));
        }
    }

    private bool NextBatch()
    {
        if (_failures.Exceed(_batches.Size) || !_batches.Next())
            return false;
        _failures.BeginBatch();
        return true;
    }

    // Building and encoding the result, and telling the run, are not for the lock.
    private void End()
    {
        _hasEnded = true;
        var exceeds = _failures.Exceed(_batches.Size);
        if (!exceeds && _isExpanded && _results.Count + _failures.Count == Elements.Count)
            _session.Background.Start(CompleteAsync);
        else if (exceeds)
            _session.Background.Start(() => Fail(_failures.Summary(_batches)));
        else
            _session.Background.Start(
                () => Close(_session.IsPausing && !_session.IsCancelled ? NodeStatus.Paused : NodeStatus.Cancelled, null));
    }

    private async Task CompleteAsync()
    {
        NodeOutput? output;
        (string First, string All)? allowed;
        try
        {
            output = _results.IsOmitted ? null : _results.Collect();
            allowed = _failures.Count == 0 ? null : _failures.Allowed(Elements.Count);
        }
        catch (Exception error)
        {
            Fail(NodeFailure.From(error));
            return;
        }

        var errors = _failures.Count == 0
            ? _errors.Total
            : _errors.Total + new ErrorCounts(_failures.Count, _failures.Count, Elements.Count);
        var said = allowed?.All ?? _errors.First;
        var status = output is null ? NodeStatus.Omitted : NodeStatus.Completed;
        var reuse = _reuse?.Keep(output?.Encoded, errors, _session.Now(), wasResumed: Run.Resumed is not null);
        Post(status, output?.Encoded, said, errors, reuse);
        if (await FlushAsync().ConfigureAwait(false) is { } failure)
        {
            Report(NodeStatus.Failed, null, failure, errors);
            return;
        }

        if (allowed is { First: var first })
            Run.Warn(Node, first);
        Run.Release(Node, Run.WarningsOf(Node));
        Report(status, output, null, errors, said);
    }

    // What is downstream starts only when the completion is durable.
    private async ValueTask<NodeFailure?> FlushAsync()
    {
        try
        {
            await _session.FlushAsync().ConfigureAwait(false);
            return null;
        }
        catch (DagException error)
        {
            return NodeFailure.From(error);
        }
    }

    // The pipeline makes one dictionary of a list of one.
    private string LoneDictionary(int count)
    {
        var upstream = Run.Dag.Nodes[Node.Upstreams[0]].Label;
        return $"The map node '{Node.Label}' runs over the {count} keys of the one dictionary that '{upstream}' gave. "
            + "Of two it would run over the dictionaries, "
            + $"and '{upstream}' declares no type that says which is meant: "
            + "declare as its output type a dictionary for one dictionary, or an array of dictionaries for rows.";
    }

    private void Fail(NodeFailure failure) => Close(NodeStatus.Failed, failure);

    private void Close(NodeStatus status, NodeFailure? failure)
    {
        var errors = _errors.Total;
        Post(status, null, failure?.Detail ?? failure?.Message, errors);
        Report(status, null, failure, errors);
    }

    private void Post(NodeStatus status, EncodedValue? output, string? error, ErrorCounts errors, ReuseRecord? reuse = null)
    {
        _handle ??= Run.Waiting.Start(new NodeStart(Node.Index, _attempt, _startedAt = _session.Now(), null));
        _session.Provenance.EndNode(
            _handle, new NodeEnd(status, _session.Now(), output, error, _failures.Messages()) { Errors = errors, Reuse = reuse });
    }

    private void Report(NodeStatus status, NodeOutput? output, NodeFailure? failure, ErrorCounts errors, string? said = null)
    {
        Locks?.Release();
        lock (_session.Lock)
        {
            _hasEnded = true;
            Run.Untrack(this, status);
        }

        Run.NodeEnded(
            Node,
            status,
            output,
            failure,
            new NodeResult(Node.Label, Node.Kind, status, _attempt, _startedAt, _session.Now(), failure?.Message ?? said)
            {
                Errors = errors,
                ReusedFrom = status == NodeStatus.Skipped ? _reuse?.Found?.RanIn : null,
                Messages = _session.Provenance.KeepsRuns || Run.Parent is not null ? [] : _failures.List(),
            });
    }
}
