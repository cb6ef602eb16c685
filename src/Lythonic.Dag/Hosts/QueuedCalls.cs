using Lythonic.Dag.Execution;
using Lythonic.Dag.Transport;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Calls that are sent together over one connection. Each has its own streams, timeout and end, and gets its result as soon as it comes.
/// Calls behind one that does not complete, or takes long, go back to the farm.
/// </summary>
internal sealed class QueuedCalls : IDisposable
{
    /// <summary>How long a call waits behind others. After that, it may be quicker elsewhere.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    private readonly RemoteCalls _writer;
    private readonly HostLine _line;
    private readonly Action<QueuedCall> _takesLong;
    private readonly CallsInTurn<QueuedCall> _turns;
    private readonly CancellationTokenSource _stop = new();
    private CancellationTokenRegistration _stopping;

    /// <param name="writer">Writes calls.</param>
    /// <param name="line">The connection.</param>
    /// <param name="takesLong">Is told of a call that takes long, before those behind it go back.</param>
    public QueuedCalls(RemoteCalls writer, HostLine line, Action<QueuedCall> takesLong)
    {
        (_writer, _line, _takesLong) = (writer, line, takesLong);
        _turns = new(Begin);
    }

    /// <summary>Makes calls in their order. When it returns, each has ended or gone back. Never throws.</summary>
    public async Task MakeAsync(IReadOnlyList<QueuedCall> calls)
    {
        var (sent, written) = (new List<QueuedCall>(calls.Count), new List<RemoteCall>(calls.Count));
        foreach (var call in calls)
        {
            if (Write(call) is { } made)
            {
                sent.Add(call);
                written.Add(made);
            }
        }

        if (sent.Count == 0)
            return;
        _turns.Begin(sent);
        await SendAsync(written).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task SendAsync(List<RemoteCall> written)
    {
        RemoteResult? last = null;
        Exception? failure = null;
        try
        {
            var listener = new TogetherListener(Complete, begun => _ = Task.Run(() => Cut(begun)));
            last = await _line.Connection.InvokeTogetherAsync(written, Longest, listener, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            failure = error;
        }

        // From now on, no answer counts.
        var (underWay, behind) = _turns.Close();
        _stopping.Unregister();
        if (underWay is not null && failure is not null)
            underWay.End(NodeOutcome.From(failure, underWay.Call.CancellationToken));
        else if (underWay is not null)
            await EndAsync(underWay, last).ConfigureAwait(false);
        Return(behind, last);
    }

    // The far end reports a completed call before it begins the next one, so calls behind the last one that was heard of did not begin. But
    // if the connection was lost together with reports in it, more than one of them may have completed.
    private static void Return(IEnumerable<QueuedCall> behind, RemoteResult? last)
    {
        var isLost = last is { Kind: RemoteOutcomeKind.Unreachable } or { IsAbandoned: true };
        foreach (var call in behind)
        {
            var mayHaveBegun = isLost && call.Call.Host!.IsElsewhere;
            call.Return(
                last is { Kind: RemoteOutcomeKind.Unreachable, Loss: { } loss } ? RemoteOutcomes.Lost(loss, hasBegun: false)
                : mayHaveBegun ? Stopped(call) : NodeOutcome.Cancelled(),
                mayHaveBegun);
        }
    }

    private RemoteCall? Write(QueuedCall call)
    {
        try
        {
            call.Call.CancellationToken.ThrowIfCancellationRequested();
            call.Call.StartsLater = true;
            return _writer.Write(call.Job, call.Call.Begin(), call.Call.Host!);
        }
        catch (Exception error)
        {
            call.End(NodeOutcome.From(error, call.Call.CancellationToken));
            return null;
        }
    }

    // Stopping one call ends all that were sent with it. A call that had begun behind it is not to blame for that: this attempt fails, and
    // it is made again.
    private static async Task EndAsync(QueuedCall call, RemoteResult? result)
    {
        if (result is null || (result.Kind == RemoteOutcomeKind.Stopped && !call.Call.CancellationToken.IsCancellationRequested))
            call.Return(Stopped(call), mayHaveBegun: true);
        else
            call.End(await RemoteOutcomes.OfAsync(call.Job.Call, result).ConfigureAwait(false));
    }

    private static NodeOutcome Stopped(QueuedCall call) => NodeOutcome.Failed(new NodeFailure(
        $"The node '{call.Call.Context.NodeLabel}' was stopped with another element that was sent to '{call.Call.Host!.Name}' before it."));

    // Converting an output may take long, and this thread must be free to hear of the next call.
    private void Complete(RemoteResult result, bool isFollowed)
    {
        if (_turns.Complete(isFollowed) is { } call)
            _ = Task.Run(() => EndAnsweredAsync(call, result));
    }

    // The far end begins no more calls, so those behind the one under way can run elsewhere.
    private void Cut(int begun)
    {
        if (_turns.Cut(begun) is not { } cut)
            return;
        try
        {
            _takesLong(cut.Last);
        }
        finally
        {
            foreach (var call in cut.Behind)
                call.Return(NodeOutcome.Cancelled(), mayHaveBegun: false);
        }
    }

    private static async Task EndAnsweredAsync(QueuedCall call, RemoteResult result)
    {
        try
        {
            call.End(await RemoteOutcomes.OfAsync(call.Job.Call, result).ConfigureAwait(false));
        }
        catch (Exception error)
        {
            call.End(NodeOutcome.From(error, call.Call.CancellationToken));
        }
    }

    private void Begin(QueuedCall call)
    {
        _stopping.Unregister();
        _line.Job = call.Job;
        try
        {
            call.Call.Start();
        }
        catch (Exception error)
        {
            // An observer may throw, and this thread belongs to PowerShell.
            call.End(NodeOutcome.From(error, call.Call.CancellationToken));
            Cancellation.Request(_stop);
        }

        _stopping = call.Call.CancellationToken.UnsafeRegister(
            static stop => Cancellation.Request((CancellationTokenSource)stop!), _stop);
    }
}
