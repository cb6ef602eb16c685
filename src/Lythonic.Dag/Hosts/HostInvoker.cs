using Lythonic.Dag.Internal;
using Lythonic.Dag.Transport;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Makes the calls of nodes that run on a host; all others are another invoker's. It mentions the transport, which must be loaded.
/// </summary>
/// <param name="here">What runs nodes in this process.</param>
/// <param name="calls">Writes calls.</param>
/// <param name="snapshot">The caller's session.</param>
/// <param name="converter">Converts outputs.</param>
internal sealed class HostInvoker(INodeInvoker here, RemoteCalls calls, SessionSnapshot snapshot, IValueConverter converter) : INodeInvoker
{
    /// <summary>How long a run whose Ctrl+C ended a client program, too, may take to be cancelled.</summary>
    private static readonly TimeSpan InterruptLag = TimeSpan.FromMilliseconds(250);

    /// <summary>What a program says whose terminal was told Ctrl+C: 128, and the number of the signal.</summary>
    private const int Interrupted = 130;

    /// <inheritdoc/>
    public bool EndsOnOwnThread => true;

    /// <inheritdoc/>
    public void LeaveThread() => here.LeaveThread();

    /// <inheritdoc/>
    public object ErrorOf(NodeFailure failure, string label) => here.ErrorOf(failure, label);

    /// <inheritdoc/>
    public ValueTask<NodeOutcome> InvokeAsync(NodeCall call) =>
        call.Host is { } host && call.Code is ScriptBlockCode ? new(Task.Run(() => CallThereAsync(call, host))) : here.InvokeAsync(call);

    private async Task<NodeOutcome> CallThereAsync(NodeCall call, HostSpec host)
    {
        var job = new WorkerJob(new ScriptCall(call, converter), snapshot);
        try
        {
            var (line, loss) = await HostConnections.Current.TakeAsync((HostEndpoint)host.Endpoint, job).ConfigureAwait(false);
            if (line is null)
                return await LostAsync(call, loss!, hasBegun: false).ConfigureAwait(false);
            try
            {
                return await CallAsync(line, job, host).ConfigureAwait(false);
            }
            finally
            {
                HostConnections.Current.GiveBack(line);
            }
        }
        catch (Exception error)
        {
            return NodeOutcome.From(error, call.CancellationToken);
        }
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
        job.Call.Settle();
        switch (result.Kind)
        {
            case RemoteOutcomeKind.Completed:
                job.Call.Output = result.Value;
                return job.Call.End();
            case RemoteOutcomeKind.Paused:
                return NodeOutcome.Paused(result.PauseReason);
            case RemoteOutcomeKind.Unreachable:
                return await LostAsync(call, result.Loss!, hasBegun: true).ConfigureAwait(false);
            case RemoteOutcomeKind.Stopped:
                call.Abandoned = result.IsAbandoned;
                return NodeOutcome.Cancelled();
            case RemoteOutcomeKind.Ended:
                return NodeOutcome.Failed(new NodeFailure(
                    $"The node '{call.Context.NodeLabel}' ended its runspace on the host '{host.Name}', "
                        + "as 'exit' or a labelled 'break' does."));
            default:
                return NodeOutcome.Failed(RemoteFailure.Of(result.Error!, job.Call.Code));
        }
    }

    private Task<RemoteResult> SendAsync(HostLine line, WorkerJob job, NodeArguments arguments, HostSpec host)
    {
        var stop = job.Call.NodeCall.CancellationToken;
        if (line.Connection.WhyNoScripts is null)
            return line.Connection.InvokeAsync(calls.Write(job, arguments, host), stop);
        // The attempt is kept before anything of it is sent.
        _ = job.Call.Context.Attempt;
        var command = RemoteCommand.Read(job.Call.Code, arguments)!;
        return line.Connection.InvokeCommandAsync(command.Name, command.Parameters, new RemoteStreams(job.Call).Take, stop);
    }

    private static NodeFailure NoScripts(NodeCall call, HostSpec host, RemoteError why) => new(
        $"The node '{call.Context.NodeLabel}' cannot run on the host '{host.Name}', which runs no scripts ({why.Message}). "
            + "There a node can be one command with named parameters, such as { param($Name) Restart-Service -Name $Name }.");

    // Ctrl+C at a terminal reaches the client programs as well, a moment before this run is cancelled.
    private static async Task<NodeOutcome> LostAsync(NodeCall call, HostLoss loss, bool hasBegun)
    {
        if (loss.ExitCode == Interrupted)
            await Task.Delay(InterruptLag, call.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (call.CancellationToken.IsCancellationRequested)
            return NodeOutcome.Cancelled();
        return NodeOutcome.Unreachable(
            new NodeFailure(loss.ToString(), loss.ToLongString()) { ErrorId = DagErrorId.DagHostUnreachable }, hasBegun);
    }
}
