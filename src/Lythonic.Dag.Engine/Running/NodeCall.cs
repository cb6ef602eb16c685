using System.Diagnostics;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Values;

namespace Lythonic.Dag;

/// <summary>One call of a node's code, as an <see cref="INodeInvoker"/> gets it.</summary>
public sealed class NodeCall
{
    private const string ErrorStream = "error";
    private const int MaxMessages = 200;
    private const int MaxMessageLength = 2_000;

    private readonly Func<NodeArguments> _begin;
    private readonly Action<NodeCall, NodeMessage, object?>? _listener;
    private readonly object _keeping = new();
    private List<NodeMessage>? _messages;
    private int _dropped;
    private int _errors;
    private string? _firstError;
    private DagContext? _made;

    /// <summary>Makes a call. Outside of tests, the engine does.</summary>
    /// <param name="code">What to run.</param>
    /// <param name="signature">Which of its signatures.</param>
    /// <param name="outputType">The type that the output is converted to, or <see langword="null"/>.</param>
    /// <param name="context">What the node knows of its run.</param>
    /// <param name="inline">Whether it runs on the caller's own thread.</param>
    /// <param name="begin">Binds the arguments and records the start.</param>
    /// <param name="listener">Told of every message as it comes, with the host's own record of it; or <see langword="null"/>.</param>
    public NodeCall(
        NodeCode code,
        NodeSignature signature,
        Type? outputType,
        DagContext context,
        bool inline,
        Func<NodeArguments> begin,
        Action<NodeCall, NodeMessage, object?>? listener = null)
    {
        Code = code;
        Signature = signature;
        OutputType = outputType;
        Context = context;
        Inline = inline;
        _begin = begin;
        _listener = listener;
    }

    /// <summary>What to run.</summary>
    public NodeCode Code { get; }

    /// <summary>Which of its signatures.</summary>
    public NodeSignature Signature { get; }

    /// <summary>The type that the output is converted to, or <see langword="null"/> where none is declared.</summary>
    public Type? OutputType { get; }

    /// <summary>What the node knows of its run.</summary>
    public DagContext Context { get; }

    /// <summary>Whether it runs on the caller's own thread.</summary>
    public bool Inline { get; }

    /// <summary>Whether its DAG, or one that this DAG runs in, is <see cref="Dag.Strict"/>.</summary>
    public bool IsStrict { get; init; }

    /// <summary>The host that it runs on, or <see langword="null"/> for this process.</summary>
    public HostSpec? Host { get; init; }

    /// <summary>Cancelled when the call has to stop: the run was cancelled, or the attempt timed out.</summary>
    public CancellationToken CancellationToken => Context.CancellationToken;

    /// <summary>
    /// Set by the invoker when the code could not be stopped and still runs on a thread that was given up.
    /// </summary>
    public bool Abandoned { get; set; }

    /// <summary>Binds the arguments and records the start. The invoker calls it once, on the thread that runs the node.</summary>
    /// <returns>The arguments, not yet converted.</returns>
    public NodeArguments Begin() => _begin();

    /// <summary>The context, or one of a subclass that a parameter declares, which is made.</summary>
    /// <param name="type"><see cref="DagContext"/> or a subclass with a public constructor without parameters.</param>
    public DagContext ContextOf(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var made = Context.As(type);
        if (!ReferenceEquals(made, Context))
            _made = made;
        return made;
    }

    /// <summary>Takes a message that the node wrote: told at once to whoever watches, and kept, bounded in number and length.</summary>
    /// <param name="message">The message.</param>
    /// <param name="native">The host's own record of it, such as a <c>WarningRecord</c>; or <see langword="null"/>.</param>
    /// <param name="keep">Whether it is kept with the node run: progress is not.</param>
    /// <param name="counts">Whether it counts as an error where it stands in that stream: what a native command writes beside its output
    /// does not.</param>
    public void Say(NodeMessage message, object? native, bool keep = true, bool counts = true)
    {
        ArgumentNullException.ThrowIfNull(message);
        _listener?.Invoke(this, message, native);
        if (!keep)
            return;
        lock (_keeping)
        {
            _messages ??= [];
            if (counts && message.Stream == ErrorStream && _errors++ == 0)
                _firstError = Short(message).Text;
            if (_messages.Count >= MaxMessages)
                _dropped++;
            else
                _messages.Add(Short(message));
        }
    }

    /// <summary>
    /// Takes what the code gave, converted, on the thread that ran it: live objects that are stored say most there. An invoker that does
    /// not call it leaves that to the engine.
    /// </summary>
    /// <param name="output">The output.</param>
    public void TakeOutput(object? output) => OutputTaken?.Invoke(output);

    /// <summary>The span that is the current one while the code runs; or <see langword="null"/>.</summary>
    internal Activity? Span { get; init; }

    /// <summary>
    /// What stands for the host's slots, the same for all calls that share them: an invoker may send several calls together that come
    /// while all slots are busy. <see langword="null"/> where there is no host.
    /// </summary>
    internal FarmHost? Slots { get; init; }

    /// <summary>
    /// Set before <see cref="Begin"/> where the call is sent with others that come first: it is under way only with <see cref="Start"/>.
    /// </summary>
    internal bool StartsLater { get; set; }

    /// <summary>Set where the call was sent with others, and its turn never came: it did not begin.</summary>
    internal bool IsReturned { get; set; }

    /// <summary>How long the code took over there, without the way; <see langword="null"/> where that is not known.</summary>
    internal TimeSpan? CodeTime { get; set; }

    /// <summary>The code begins of a call that <see cref="StartsLater"/>.</summary>
    internal void Start() => Started?.Invoke();

    /// <summary>Called when the code begins of a call that <see cref="StartsLater"/>.</summary>
    internal Action? Started { get; init; }

    /// <summary>Called with the output; or <see langword="null"/>.</summary>
    internal Action<object?>? OutputTaken { get; init; }

    /// <summary>The context on which the node asked to pause, even where it caught what that throws; or <see langword="null"/>.</summary>
    internal DagContext? PausedContext => Context.PauseRequested ? Context : _made is { PauseRequested: true } ? _made : null;

    /// <summary>How many errors it wrote so far, kept or not, and the first one.</summary>
    internal (ErrorCounts Counts, string? First) WrittenErrors
    {
        get
        {
            lock (_keeping)
                return (new(_errors), _firstError);
        }
    }

    /// <summary>
    /// The messages that were kept so far; the last one says how many were dropped. Code that was given up, and threads that it left, may
    /// still write.
    /// </summary>
    internal IReadOnlyList<NodeMessage> KeptMessages()
    {
        lock (_keeping)
        {
            return _messages is null ? []
                : _dropped == 0 ? [.. _messages]
                : [.. _messages, new NodeMessage("information", $"{_dropped} more messages were not kept.", _messages[^1].Time)];
        }
    }

    private static NodeMessage Short(NodeMessage message) =>
        message.Text.Length <= MaxMessageLength ? message : message with { Text = TextCut.After(message.Text, MaxMessageLength) };
}
