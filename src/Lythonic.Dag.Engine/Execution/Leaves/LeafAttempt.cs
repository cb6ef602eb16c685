using System.Globalization;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>One attempt of a node that runs code.</summary>
internal sealed class LeafAttempt : IDisposable
{
    private readonly RunExecution _run;
    private readonly CompiledNode _node;
    private readonly RunSession _session;
    private readonly int _attempt;
    private readonly HostedLeaf? _hosted;
    private readonly HostSpec? _host;
    private readonly HostConnecting? _connecting;
    private readonly CancellationTokenSource? _timeout;
    private ITimer? _timer;
    private readonly CancellationTokenSource? _linked;
    private readonly NodeCall _call;
    private readonly ValueWarnings _warnings;
    private readonly OutputEncoding? _encoding;
    private readonly LeafReuse? _reuse;
    private readonly AttemptTrace? _trace;
    private NodeRunHandle? _handle;
    private DateTimeOffset _startedAt;
    private DateTimeOffset _finishedAt;
    private bool _hasEnded;
    private ErrorCounts _errors;
    private string? _said;

    public LeafAttempt(RunExecution run, CompiledNode node, int attempt, HostedLeaf? hosted, LeafReuse? reuse = null)
    {
        _reuse = reuse;
        _run = run;
        _node = node;
        _session = run.Session;
        _attempt = attempt;
        _hosted = hosted;
        _host = hosted?.Host;
        var token = run.Limits.TokenOf(node);
        // The timeout starts with the code: waiting for the caller's thread, or for a host, is not part of it.
        if (node.Settings.Timeout is not null)
            _timeout = new CancellationTokenSource();
        if (_host is not null)
            _connecting = new HostConnecting(run, node);
        if (_timeout is not null || _connecting is not null)
        {
            _linked = CancellationTokenSource.CreateLinkedTokenSource(
                token, _timeout?.Token ?? CancellationToken.None, _connecting?.Token ?? CancellationToken.None);
            token = _linked.Token;
        }

        _trace = run.Trace?.StartAttempt(node, attempt, _host?.Name);
        _call = MakeCall(MakeContext(token));
        _warnings = new ValueWarnings(text => _call.Say(new NodeMessage("warning", text, _session.Now()), null));
        _encoding = _session.Provenance.KeepsRuns ? new OutputEncoding(run, node, _warnings) : null;
    }

    /// <summary>The status of a node for each way in which its code can end.</summary>
    public static NodeStatus StatusOf(NodeOutcomeKind kind) => kind switch
    {
        NodeOutcomeKind.Completed => NodeStatus.Completed,
        NodeOutcomeKind.Paused => NodeStatus.Paused,
        NodeOutcomeKind.Cancelled => NodeStatus.Cancelled,
        _ => NodeStatus.Failed,
    };

    /// <summary>Whether its code, which runs on a host, has begun.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Whether its code began, or nobody knows.</summary>
    public bool MayHaveBegun => HasBegun || _call.MayHaveBegun;

    /// <summary>Whether it was sent with others, ended with one of them and is made again.</summary>
    public bool IsReturned => _call.IsReturned;

    /// <summary>How long its code took on its host; <see langword="null"/> if that is not known.</summary>
    public TimeSpan? CodeTime => _call.CodeTime;

    /// <summary>Whether it was told to stop.</summary>
    public bool IsStopped => _call.CancellationToken.IsCancellationRequested;

    /// <summary>Runs its code. Call <see cref="End"/> afterwards.</summary>
    public ValueTask<NodeOutcome> InvokeAsync() => _session.Invoker.InvokeAsync(_call);

    /// <summary>The outcome if the invoker throws.</summary>
    public NodeOutcome OutcomeOf(Exception error) => NodeOutcome.From(error, _call.CancellationToken);

    /// <summary>Its code has ended. Never throws.</summary>
    /// <param name="outcome">The outcome that the invoker reported.</param>
    /// <returns>How the attempt ended.</returns>
    public NodeOutcome End(NodeOutcome outcome)
    {
        _hasEnded = true;
        _finishedAt = _session.Now();
        if (IsReturned)
            return outcome;
        if (outcome.Kind == NodeOutcomeKind.Unreachable)
            outcome = Reached(outcome);
        if (_call.PausedContext is { } paused && outcome.Kind != NodeOutcomeKind.Cancelled)
            outcome = NodeOutcome.Paused(paused.PauseReason);
        else if (outcome.Kind != NodeOutcomeKind.Paused && !_run.Limits.IsNodeStopped(_node))
            outcome = Judged(outcome);
        return outcome;
    }

    /// <summary>Takes its start back, because it does not begin, or not yet. In the store it waits again.</summary>
    public void PutBack()
    {
        if (_handle is not null)
            _run.Waiting.PutBack(_node.Index, _attempt, _handle, $"Waits for a host: {_host!.Name}.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _connecting?.Dispose();
        _linked?.Dispose();
        _timeout?.Dispose();
        _trace?.Dispose();
    }

    /// <summary>Posts how the attempt ended. An output that cannot be stored makes it a failure.</summary>
    /// <returns>The output, if it completed.</returns>
    public NodeOutput? Record(ref NodeOutcome outcome)
    {
        // This comes before the post, because the store releases the text as soon as it is written.
        var output = OutputOf(ref outcome);
        if (_handle is null)
        {
            _handle = PostStart(null);
            _finishedAt = _session.Now();
        }

        (_errors, var firstError) = _call.WrittenErrors;
        _said = outcome.Failure?.Message ?? outcome.PauseReason ?? (outcome.Kind == NodeOutcomeKind.Completed ? firstError : null);
        _session.Provenance.EndNode(
            _handle,
            new NodeEnd(
                StatusOf(outcome.Kind),
                _finishedAt,
                output?.Encoded,
                RecordedError(outcome.Failure) ?? _said ?? (_call.Abandoned ? Unstoppable : null),
                MessageJson.Write(_call.KeptMessages()))
            {
                StartedAt = _call.StartsLater ? _startedAt : null,
                Errors = _errors,
                Reuse = output is null ? null : Kept(output),
            });
        _trace?.End(StatusOf(outcome.Kind), outcome.Failure);
        return output;
    }

    /// <summary>How the attempt ended, for the run's result.</summary>
    public NodeResult Result(NodeOutcome outcome) =>
        new(_node.Label, _node.Kind, StatusOf(outcome.Kind), _attempt, _startedAt, _finishedAt, outcome.Failure?.Message ?? _said)
        {
            Errors = _errors,
            Host = _host?.Name,
            IsOverridden = _node.IsOverridden,
            Messages = _session.Provenance.KeepsRuns || _run.Parent is not null ? [] : _call.KeptMessages(),
        };

    private ReuseRecord? Kept(NodeOutput output) => _reuse is null
        ? SubRunReuse.KeepAtEndOf(_run, _node, output.Encoded, _errors, _finishedAt)
        : _reuse.Keep(output.Encoded!, _errors, _finishedAt);

    private NodeOutput? OutputOf(ref NodeOutcome outcome)
    {
        if (outcome.Kind != NodeOutcomeKind.Completed)
            return null;
        try
        {
            _encoding?.Require(outcome.Value);
        }
        catch (Exception error)
        {
            outcome = NodeOutcome.Failed(
                new NodeFailure($"The output of node '{_node.Label}' cannot be stored: {ExceptionText.MessageOf(error)}", null, error));
            return null;
        }

        _run.Release(_node, _warnings);
        return NodeOutput.Live(outcome.Value, _encoding?.Whole, _node, _encoding?.Elements);
    }

    // The error id tells unreachable from failed.
    private static string? RecordedError(NodeFailure? failure) => failure is { ErrorId: DagErrorId.DagHostUnreachable }
        ? $"{nameof(DagErrorId.DagHostUnreachable)}: {failure.Detail ?? failure.Message}"
        : failure?.Detail;

    private string Unstoppable => _host is null
        ? "It could not be stopped and still runs on a thread that was given up."
        : $"It could not be stopped and may still run on host '{_host.Name}'.";

    private DagContext MakeContext(CancellationToken token)
    {
        var context = new DagContext();
        context.Initialize(
            _run.Dag.Name, _run.Path, _node.Label, _run.Handle.RunId, _attempt, token, _session.Provenance.KeepsRuns ? Persist : null);
        context.IsClosing = _node.IsClosing || _run.Limits.IsInClosing;
        if (_node.IsClosing)
            LetReadUpstreams(context);
        context.HostName = _host?.Name;
        context.TraceParent = Spans.IdOf(_trace?.Span);
        return context;
    }

    private NodeCall MakeCall(DagContext context) => new(
        _node.Code!,
        _node.Signature!,
        _node.OutputType == typeof(void) ? null : _node.OutputType,
        context,
        (_session.Options.Inline || _node.Settings.Inline) && _host is null,
        Begin,
        _session.Says)
    {
        IsStrict = _run.Dag.IsStrict,
        Host = _host,
        Slots = _hosted?.Slots,
        Started = _host is null ? null : Start,
        Lingering = _hosted is null ? null : _hosted.NoteLong,
        IsAlone = _hosted is { GoesAlone: true },
        Span = _trace?.Span,
        OutputTaken = _session.Provenance.KeepsRuns ? EncodeOutput : null,
    };

    // This is a method of its own, so that only closing nodes make the objects that it captures.
    private void LetReadUpstreams(DagContext context) => context.ReadUpstreams(() => _run.UpstreamsOf(_node));

    private NodeArguments Begin()
    {
        if (_hosted is not null)
            BeginOn(_hosted);
        var inputs = new InputReader(_run, _node, _warnings);
        var arguments = inputs.Read();
        var encoded = _session.Provenance.KeepsRuns ? inputs.Encode(arguments) : null;
        _reuse?.Begin(encoded!);
        _handle = PostStart(encoded);
        // A condition that was met before a crash is not asked again.
        if (_node.Settings.If is not null && _session.Provenance.KeepsRuns)
            Persist();
        if (!_call.StartsLater)
            NoteStart();
        return arguments;
    }

    // The call was sent behind others, and its code begins now: its time begins only now.
    private void Start()
    {
        _startedAt = _session.Now();
        HasBegun = true;
        _run.Limits.StartClocks();
        NoteStart();
    }

    private void NoteStart()
    {
        _run.HasStarted = true;
        _session.Observer?.NodeStarted(_run.Handle.RunId, _node.Label);
        RunLog.Started(_run, _node, _attempt);
        if (_node.Settings.Timeout is { } timeout)
            StartTimer(timeout < RetryDelay.LongestTimer ? timeout : RetryDelay.LongestTimer);
    }

    private void BeginOn(HostedLeaf hosted)
    {
        // By the time the connection is made, the attempt may no longer be wanted.
        if (_hasEnded)
            throw new OperationCanceledException(_call.CancellationToken);
        _connecting!.End();
        HasBegun = !_call.StartsLater;
        hosted.Connected();
        if (HasBegun)
            _run.Limits.StartClocks();
    }

    // Ctrl+C at a terminal reaches the programs that hold connections, too.
    private NodeOutcome Reached(NodeOutcome outcome) =>
        IsStopped ? NodeOutcome.Cancelled() : _hosted is null ? NodeOutcome.Failed(outcome.Failure!) : outcome;

    // With the timer of a token source, an exception from a callback of the node would end the process.
    private void StartTimer(TimeSpan timeout) =>
        _timer = _session.Clock.CreateTimer(
            static source => Cancellation.Request((CancellationTokenSource)source!), _timeout, timeout, Timeout.InfiniteTimeSpan);

    // The code has ended. Storing its output is not part of its time.
    private void EncodeOutput(object? value)
    {
        _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _encoding!.Make(value);
    }

    // This is the node's own thread, which may wait, and a stop may interrupt it. The commit is on another one: it is for all nodes.
    private void Persist()
    {
        var flush = Thread.CurrentThread.IsThreadPoolThread
            ? _session.Provenance.FlushAsync().AsTask()
            : Task.Run(() => _session.Provenance.FlushAsync().AsTask());
        flush.GetAwaiter().GetResult();
    }

    private NodeRunHandle PostStart(IReadOnlyList<NodeInput>? input)
    {
        _startedAt = _session.Now();
        return _run.Waiting.Start(
            new NodeStart(_node.Index, _attempt, _startedAt, input) { Host = _host?.Name, IsOverridden = _node.IsOverridden });
    }

    // The outcome after the timeout does not count: code that cannot be stopped returns, or fails, some time later.
    private NodeOutcome Judged(NodeOutcome outcome)
    {
        var end = (_attempt > 1 ? string.Create(CultureInfo.InvariantCulture, $", in attempt {_attempt}.") : ".")
            + (_call.Abandoned ? " " + Unstoppable : "");
        if (_timeout is { IsCancellationRequested: true } && !_run.Limits.TokenOf(_node).IsCancellationRequested)
            return TimedOut($"The node '{_node.Label}' timed out after {DurationText.Render(_node.Settings.Timeout)}{end}");
        if (_run.Limits.HasTimedOut && !_node.IsClosing)
            return TimedOut(
                $"The node '{_node.Label}' timed out after {DurationText.Render(_run.Limits.TimeLimit)}, "
                    + $"the time of its sub-run{end}");
        return outcome.Kind == NodeOutcomeKind.Cancelled && !_run.Limits.TokenOf(_node).IsCancellationRequested
            ? NodeOutcome.Failed(new NodeFailure($"The node '{_node.Label}' was stopped{end}"))
            : Explained(outcome);
    }

    // What a parameter refuses was often meant for the order alone: a list collects every output that is left.
    private NodeOutcome Explained(NodeOutcome outcome) =>
        outcome.Failure is not { RefusedBy: { } parameter } failure || InputOrigin.Of(_run.Dag, _node, parameter) is not { } origin
            ? outcome
            : NodeOutcome.Failed(failure with
            {
                Message = $"{failure.Message} {origin}",
                Detail = failure.Detail?.Replace(failure.Message, $"{failure.Message} {origin}", StringComparison.Ordinal),
                IsOfWiring = true,
            });

    private NodeOutcome TimedOut(string message) => NodeOutcome.Failed(TimedOut(message, _node.Code));

    /// <summary>The failure of code that took too long.</summary>
    public static NodeFailure TimedOut(string message, NodeCode? code) =>
        new(message, code?.Place is { } place ? $"{message}\nAt {place}" : null, new TimeoutException(message)) { Code = code };
}
