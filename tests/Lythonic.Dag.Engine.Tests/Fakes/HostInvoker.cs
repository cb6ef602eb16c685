using System.Collections.Concurrent;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>An invoker for hosts that do not exist. The test decides which of them refuse, and which are lost during a call.</summary>
internal sealed class HostInvoker : INodeInvoker
{
    private readonly ConcurrentDictionary<string, int> _inFlight = new();

    /// <summary>Decides whether the host of a call can be connected to: the words of a refusal, or <see langword="null"/>.</summary>
    public Func<NodeCall, string?> Refuses { get; set; } = _ => null;

    /// <summary>Decides whether the host is lost while the code runs: the words of the loss, or <see langword="null"/>.</summary>
    public Func<NodeCall, string?> Loses { get; set; } = _ => null;

    /// <summary>How long the code of a call took on its host; <see langword="null"/> if that is not known.</summary>
    public TimeSpan? CodeTime { get; set; }

    /// <summary>
    /// If set, calls are sent behind others. It is awaited before the code of a call starts, and says whether the call goes back instead.
    /// </summary>
    public Func<NodeCall, Task<NodeOutcome?>>? Behind { get; set; }

    /// <summary>The outcome of a call that was sent behind others, and was stopped with one of them after its turn came; or null.</summary>
    public Func<NodeCall, NodeOutcome?> Stops { get; set; } = _ => null;

    /// <summary>Each call awaits it after it has begun and before its code runs.</summary>
    public Func<NodeCall, Task> Gate { get; set; } = _ => Task.CompletedTask;

    /// <summary>Each call awaits it before it connects to its host.</summary>
    public Func<NodeCall, Task> Connecting { get; set; } = _ => Task.CompletedTask;

    /// <summary>The calls that began, each as label and host.</summary>
    public ConcurrentQueue<string> Begun { get; } = new();

    /// <summary>The calls that arrived, each as label and host.</summary>
    public ConcurrentQueue<string> Tried { get; } = new();

    /// <summary>The most calls that a host had at once.</summary>
    public ConcurrentDictionary<string, int> Most { get; } = new();

    /// <summary>Whether every call so far was inline.</summary>
    public bool IsInline { get; private set; }

    public async ValueTask<NodeOutcome> InvokeAsync(NodeCall call)
    {
        await Task.Yield();
        var place = call.Host?.Name ?? "here";
        var now = _inFlight.AddOrUpdate(place, 1, (_, count) => count + 1);
        Most.AddOrUpdate(place, now, (_, most) => Math.Max(most, now));
        try
        {
            return await CallAsync(call, place);
        }
        catch (Exception error)
        {
            return NodeOutcome.From(error, call.CancellationToken);
        }
        finally
        {
            _inFlight.AddOrUpdate(place, 0, (_, count) => count - 1);
        }
    }

    private async Task<NodeOutcome> CallAsync(NodeCall call, string place)
    {
        IsInline |= call.Inline;
        Tried.Enqueue($"{call.Context.NodeLabel} {place}");
        if (call.Host is not null)
        {
            await Connecting(call).WaitAsync(call.CancellationToken);
            if (Refuses(call) is { } refusal)
                return NodeOutcome.Unreachable(Failure(place, refusal), hasBegun: false);
        }

        call.StartsLater = call.Host is not null && Behind is not null;
        var input = call.Begin();
        if (call.StartsLater && await Behind!(call).WaitAsync(call.CancellationToken) is { } returned)
        {
            call.IsReturned = true;
            return returned;
        }

        if (call.StartsLater)
            call.Start();
        call.CodeTime = CodeTime;
        Begun.Enqueue($"{call.Context.NodeLabel} {place}");
        if (call.StartsLater && Stops(call) is { } stopped)
        {
            call.IsReturned = true;
            return stopped;
        }

        await Gate(call).WaitAsync(call.CancellationToken);
        if (call.Host is not null && Loses(call) is { } loss)
            return NodeOutcome.Unreachable(Failure(place, loss), hasBegun: true);
        return NodeOutcome.Completed(call.Code is MethodCode method
            ? await ResultAsync(method.MethodOf(call.Signature).Invoke(method.Target, [.. input.Named.Select(given => given.Value)]))
            : ((HostCode)call.Code).Evaluate(input.PipelineValue));
    }

    private static async Task<object?> ResultAsync(object? result) => result is Task<int> task ? await task : result;

    private static NodeFailure Failure(string host, string words) =>
        new($"Host '{host}': {words}") { ErrorId = DagErrorId.DagHostUnreachable };
}
