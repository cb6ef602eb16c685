using Lythonic.Dag.Execution;
using Lythonic.Dag.Transport;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Calls that are sent together over one connection. Each has its result as soon as that comes, its own streams, timeout and end; those
/// that come behind one that does not complete go back.
/// </summary>
/// <param name="writer">Writes calls.</param>
/// <param name="line">The connection.</param>
/// <param name="calls">The calls, in their order.</param>
internal sealed class QueuedCalls(RemoteCalls writer, HostLine line, IReadOnlyList<QueuedCall> calls) : IDisposable
{
    /// <summary>A call that would wait longer than this behind others may be quicker elsewhere.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    private readonly List<QueuedCall> _sent = new(calls.Count);
    private readonly CancellationTokenSource _stop = new();
    private CancellationTokenRegistration _stopping;
    private int _current = -1;
    private bool _isUnderWay;
    private bool _isClosed;

    /// <summary>Makes the calls. When it returns, each has ended or gone back. Never throws.</summary>
    public async Task MakeAsync()
    {
        var written = new List<RemoteCall>(calls.Count);
        foreach (var call in calls)
        {
            if (Write(call) is { } made)
            {
                _sent.Add(call);
                written.Add(made);
            }
        }

        if (_sent.Count == 0)
            return;
        StartNext();
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
            last = await line.Connection.InvokeTogetherAsync(written, Longest, TakeCompleted, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            failure = error;
        }

        Close();
        if (_isUnderWay && failure is not null)
            _sent[_current].End(NodeOutcome.From(failure, _sent[_current].Call.CancellationToken));
        else if (_isUnderWay)
            await EndAsync(_sent[_current], last).ConfigureAwait(false);
        Return(_sent.Skip(_isUnderWay ? _current + 1 : _current), last);
    }

    // What has not been answered by now is not, whatever comes.
    private void Close()
    {
        lock (_sent)
        {
            _isClosed = true;
            EndCurrent();
        }
    }

    // The far end says what completed before it begins the next, so those behind the last that is known of did not begin: unless
    // something between here and there was lost with what was under way in it, and more than one may have completed.
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
            return writer.Write(call.Job, call.Call.Begin(), call.Call.Host!);
        }
        catch (Exception error)
        {
            call.End(NodeOutcome.From(error, call.Call.CancellationToken));
            return null;
        }
    }

    // One that is stopped ends the call of all: what was started behind it meanwhile did nothing to deserve that. It was an attempt.
    private static async Task EndAsync(QueuedCall call, RemoteResult? result)
    {
        if (result is null || (result.Kind == RemoteOutcomeKind.Stopped && !call.Call.CancellationToken.IsCancellationRequested))
            call.Return(Stopped(call), mayHaveBegun: true);
        else
            call.End(await RemoteOutcomes.OfAsync(call.Job.Call, result).ConfigureAwait(false));
    }

    private static NodeOutcome Stopped(QueuedCall call) => NodeOutcome.Failed(new NodeFailure(
        $"The node '{call.Call.Context.NodeLabel}' was stopped with another element that was sent to '{call.Call.Host!.Name}' before it."));

    private void TakeCompleted(RemoteResult result, bool isFollowed)
    {
        QueuedCall call;
        lock (_sent)
        {
            if (_isClosed)
                return;
            call = _sent[_current];
            EndCurrent();
            call.Job.Call.Settle();
            _isUnderWay = false;
            if (isFollowed)
                StartNext();
            else
                _current++;
        }

        // Converting an output may take its time, and this is the thread that hears of the next.
        _ = Task.Run(() => End(call, result));
    }

    private static void End(QueuedCall call, RemoteResult result)
    {
        try
        {
            call.End(RemoteOutcomes.Completed(call.Job.Call, result));
        }
        catch (Exception error)
        {
            call.End(NodeOutcome.From(error, call.Call.CancellationToken));
        }
    }

    private void StartNext()
    {
        var call = _sent[++_current];
        _isUnderWay = true;
        line.Job = call.Job;
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

    private void EndCurrent() => _stopping.Unregister();
}
