using System.Management.Automation;
using Lythonic.Dag.Internal;
using Lythonic.Dag.Transport;

namespace Lythonic.Dag.Hosting;

/// <summary>Turns the result of a call on a host into the outcome of its node.</summary>
internal static class RemoteOutcomes
{
    /// <summary>How long to wait for the run to be cancelled if Ctrl+C has ended a client program as well.</summary>
    private static readonly TimeSpan InterruptLag = TimeSpan.FromSeconds(2);

    /// <summary>The exit code of a program that Ctrl+C at its terminal ended: 128 and the number of the signal.</summary>
    private const int Interrupted = 130;

    /// <summary>The exit code of ssh for whatever ended it. It says why, unless that was Ctrl+C.</summary>
    private const int SshEnded = 255;

    /// <summary>The outcome of a call that was made.</summary>
    public static async Task<NodeOutcome> OfAsync(ScriptCall call, RemoteResult result)
    {
        call.Settle();
        var node = call.NodeCall;
        switch (result.Kind)
        {
            case RemoteOutcomeKind.Completed:
                return Completed(call, result);
            case RemoteOutcomeKind.Paused:
                return NodeOutcome.Paused(result.PauseReason);
            case RemoteOutcomeKind.Unreachable:
                return await LostAsync(node, result.Loss!, hasBegun: true).ConfigureAwait(false);
            case RemoteOutcomeKind.Stopped:
                node.Abandoned = result.IsAbandoned;
                return NodeOutcome.Cancelled();
            case RemoteOutcomeKind.Ended:
                return NodeOutcome.Failed(new NodeFailure(
                    $"The node '{node.Context.NodeLabel}' ended its runspace on the host '{node.Host!.Name}', "
                        + "as 'exit' or a labelled 'break' does."));
            default:
                return NodeOutcome.Failed(RemoteFailure.From(result.Error!, call.Code));
        }
    }

    private static NodeOutcome Completed(ScriptCall call, RemoteResult result)
    {
        call.NodeCall.CodeTime = result.CodeTime;
        call.Output = result.Value is { } value ? PSObject.AsPSObject(value) : null;
        return call.End();
    }

    /// <summary>
    /// The outcome of a call whose host is unreachable. Ctrl+C at a terminal reaches the client programs too, a moment before this run is
    /// cancelled.
    /// </summary>
    public static async Task<NodeOutcome> LostAsync(NodeCall call, HostLoss loss, bool hasBegun)
    {
        if (loss is { ExitCode: Interrupted } or { ExitCode: SshEnded, Words: "" })
            await Task.Delay(InterruptLag, call.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return call.CancellationToken.IsCancellationRequested ? NodeOutcome.Cancelled() : Lost(loss, hasBegun);
    }

    /// <summary>The outcome of a call whose host is unreachable.</summary>
    public static NodeOutcome Lost(HostLoss loss, bool hasBegun) => NodeOutcome.Unreachable(
        new NodeFailure(loss.ToString(), loss.ToLongString()) { ErrorId = DagErrorId.DagHostUnreachable }, hasBegun);
}
