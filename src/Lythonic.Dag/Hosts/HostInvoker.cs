using System.Collections.Concurrent;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Transport;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Makes the calls of nodes that run on a host; another invoker makes all others. This class names types of the transport, which must be
/// loaded before.
/// </summary>
/// <param name="here">Runs nodes in this process.</param>
/// <param name="calls">Writes calls.</param>
/// <param name="snapshot">The caller's session.</param>
/// <param name="converter">Converts outputs.</param>
internal sealed class HostInvoker(INodeInvoker here, RemoteCalls calls, SessionSnapshot snapshot, IValueConverter converter) : INodeInvoker
{
    private readonly ConcurrentDictionary<HostSlots, HostQueue> _queues = new(ReferenceEqualityComparer.Instance);

    /// <inheritdoc/>
    public bool EndsOnOwnThread => true;

    /// <inheritdoc/>
    public void LeaveThread() => here.LeaveThread();

    /// <inheritdoc/>
    public object ErrorOf(NodeFailure failure, string label) => here.ErrorOf(failure, label);

    /// <inheritdoc/>
    public ValueTask<NodeOutcome> InvokeAsync(NodeCall call) =>
        call.Slots is { } slots && call.Code is ScriptBlockCode
            ? new(_queues.GetOrAdd(slots.Slots, made => new HostQueue(made, MakeAsync)).Add(new(new(new(call, converter), snapshot))))
            : here.InvokeAsync(call);

    private async Task MakeAsync(HostQueue queue, QueuedCall first)
    {
        NodeOutcome? outcome = null;
        HostLine? line = null;
        try
        {
            var host = first.Call.Host!;
            (line, var loss) = await HostConnections.Current.TakeAsync((HostEndpoint)host.Endpoint, first.Job).ConfigureAwait(false);
            if (line is null)
                outcome = await RemoteOutcomes.LostAsync(first.Call, loss!, hasBegun: false).ConfigureAwait(false);
            else if (line.Connection.WhyNoScripts is null && !first.IsAlone && queue.TakeMore(first) is { Count: > 0 } more)
                await SendAsync(line, [first, .. more], queue).ConfigureAwait(false);
            else
                outcome = await CallAloneAsync(line, first, queue).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            outcome = NodeOutcome.From(error, first.Call.CancellationToken);
        }

        if (line is not null)
            HostConnections.Current.GiveBack(line);
        if (outcome is { } ended)
            first.End(ended);
    }

    private async Task SendAsync(HostLine line, IReadOnlyList<QueuedCall> together, HostQueue queue)
    {
        using var queued = new QueuedCalls(calls, line, queue.NoteLong);
        await queued.MakeAsync(together).ConfigureAwait(false);
    }

    private async Task<NodeOutcome> CallAloneAsync(HostLine line, QueuedCall call, HostQueue queue)
    {
        var ending = CallAsync(line, call.Job, call.Call.Host!);
        await ((Task)ending).WaitAsync(QueuedCalls.Longest).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ending.IsCompleted)
            queue.NoteLong(call);
        return await ending.ConfigureAwait(false);
    }

    private async Task<NodeOutcome> CallAsync(HostLine line, WorkerJob job, HostSpec host)
    {
        var call = job.Call.NodeCall;
        call.CancellationToken.ThrowIfCancellationRequested();
        var arguments = call.Begin();
        line.Job = job;
        if (line.Connection.WhyNoScripts is { } why && RemoteCommand.Read(job.Call.Code, arguments) is null)
            return NodeOutcome.Failed(NoScripts(call, host, why));
        var result = await SendAsync(line, job, arguments, host).ConfigureAwait(false);
        return await RemoteOutcomes.OfAsync(job.Call, result).ConfigureAwait(false);
    }

    private Task<RemoteResult> SendAsync(HostLine line, WorkerJob job, NodeArguments arguments, HostSpec host)
    {
        var stop = job.Call.NodeCall.CancellationToken;
        if (line.Connection.WhyNoScripts is null)
            return line.Connection.InvokeAsync(calls.Write(job, arguments, host), stop);
        // The attempt must be durable before anything of it is sent.
        _ = job.Call.Context.Attempt;
        var command = RemoteCommand.Read(job.Call.Code, arguments)!;
        return line.Connection.InvokeCommandAsync(command.Name, command.Parameters, new RemoteStreams(job.Call).Pass, stop);
    }

    private static NodeFailure NoScripts(NodeCall call, HostSpec host, RemoteError why) => new(
        $"The node '{call.Context.NodeLabel}' cannot run on the host '{host.Name}', which runs no scripts ({why.Message}). "
            + "There a node can be one command with named parameters, such as { param($Name) Restart-Service -Name $Name }.");
}
