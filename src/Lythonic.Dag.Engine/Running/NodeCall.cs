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

    /// <summary>Makes a call. Only the engine and tests of invokers do this.</summary>
    /// <param name="code">The code to run.</param>
    /// <param name="signature">The signature of the code to call.</param>
    /// <param name="outputType">The type that the output is converted to, or <see langword="null"/>.</param>
    /// <param name="context">The context that the node may ask for.</param>
    /// <param name="inline">Whether it runs on the caller's own thread.</param>
    /// <param name="begin">Binds the arguments and records the start.</param>
    /// <param name="listener">Is given each message as it comes, with the host's own record of it; or <see langword="null"/>.</param>
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

    /// <summary>The code to run.</summary>
    public NodeCode Code { get; }

    /// <summary>The signature of the code to call.</summary>
    public NodeSignature Signature { get; }

    /// <summary>The type that the output is converted to, or <see langword="null"/> if none is declared.</summary>
    public Type? OutputType { get; }

    /// <summary>The context that the node may ask for.</summary>
    public DagContext Context { get; }

    /// <summary>Whether it runs on the caller's own thread.</summary>
    public bool Inline { get; }

    /// <summary>Whether its DAG, or a DAG around it, is <see cref="Dag.Strict"/>.</summary>
    public bool IsStrict { get; init; }

    /// <summary>The host that it runs on, or <see langword="null"/> for this process.</summary>
    public HostSpec? Host { get; init; }

    /// <summary>Cancelled when the call must stop because the run was cancelled or the attempt timed out.</summary>
    public CancellationToken CancellationToken => Context.CancellationToken;

    /// <summary>Set by the invoker if the code could not be stopped and still runs on a thread that was abandoned.</summary>
    public bool Abandoned { get; set; }

    /// <summary>Binds the arguments and records the start. The invoker calls it once, on the thread that runs the node.</summary>
    /// <returns>The arguments, not yet converted.</returns>
    public NodeArguments Begin() => _begin();

    /// <summary>The context as a parameter declares it: <see cref="Context"/>, or a new one of the subclass.</summary>
    /// <param name="type"><see cref="DagContext"/> or a subclass with a public constructor without parameters.</param>
    public DagContext ContextOf(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var made = Context.As(type);
        if (!ReferenceEquals(made, Context))
            _made = made;
        return made;
    }

    /// <summary>
    /// Reports a message that the node wrote. The listener gets it at once, and it is kept with the node run: up to 200 messages of up to
    /// 2,000 characters.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="native">The host's own record of it, such as a <c>WarningRecord</c>; or <see langword="null"/>.</param>
    /// <param name="keep">Whether it is kept with the node run. Progress is not.</param>
    /// <param name="counts">Whether a message of the error stream counts as an error. What a native command writes to its standard error
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
    /// Hands over the converted output on the thread that ran the code, where live objects can still be read in full. If an invoker does
    /// not call it, the engine encodes the output later.
    /// </summary>
    /// <param name="output">The output.</param>
    public void TakeOutput(object? output) => OutputTaken?.Invoke(output);

    /// <summary>The span that is current while the code runs; or <see langword="null"/>.</summary>
    internal Activity? Span { get; init; }

    /// <summary>
    /// The host as the node has it; its slots are one object for all calls of the run that share them. While all slots are busy, an invoker
    /// may send several calls together. <see langword="null"/> if there is no host.
    /// </summary>
    internal FarmHost? Slots { get; init; }

    /// <summary>
    /// Set before <see cref="Begin"/> if the call is sent behind others. Its code begins only when <see cref="Start"/> is called.
    /// </summary>
    internal bool StartsLater { get; set; }

    /// <summary>Set if the call was sent with others and ended with one of them: it is made again.</summary>
    internal bool IsReturned { get; set; }

    /// <summary>Set if nobody knows whether the code of a returned call began. It then counts as an attempt.</summary>
    internal bool MayHaveBegun { get; set; }

    /// <summary>How long the code took on the host, without the transport; <see langword="null"/> if that is not known.</summary>
    internal TimeSpan? CodeTime { get; set; }

    /// <summary>Reports that the code of a call that <see cref="StartsLater"/> begins.</summary>
    internal void Start() => Started?.Invoke();

    /// <summary>Whether it must not be sent together with others.</summary>
    internal bool IsAlone { get; init; }

    /// <summary>Reports that the code takes long on its host, so that no other call should wait for its slot.</summary>
    internal void Linger() => Lingering?.Invoke();

    /// <summary>Called when the code takes long on its host.</summary>
    internal Action? Lingering { get; init; }

    /// <summary>Called when the code of a call that <see cref="StartsLater"/> begins.</summary>
    internal Action? Started { get; init; }

    /// <summary>Called with the output; or <see langword="null"/>.</summary>
    internal Action<object?>? OutputTaken { get; init; }

    /// <summary>
    /// The context on which the node asked to pause, even if the node caught the exception; or <see langword="null"/>.
    /// </summary>
    internal DagContext? PausedContext => Context.PauseRequested ? Context : _made is { PauseRequested: true } ? _made : null;

    /// <summary>How many errors the node has written so far, kept or not, and the text of the first one.</summary>
    internal (ErrorCounts Counts, string? First) WrittenErrors
    {
        get
        {
            lock (_keeping)
                return (new(_errors), _firstError);
        }
    }

    /// <summary>
    /// The messages that have been kept so far. If some were dropped, the last one says how many. Abandoned code, and threads that the code
    /// left behind, may still write.
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
