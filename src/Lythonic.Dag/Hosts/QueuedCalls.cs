using Lythonic.Dag.Execution;
using Lythonic.Dag.Transport;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Calls that are sent together over one connection. Each gets its result as soon as it comes, and has its own streams, timeout and end. If
/// one does not complete, the calls behind it did not begin, and go back to the queue.
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
        var others = NodeOutcome.Cancelled();
        try
        {
            var last = await line.Connection.InvokeTogetherAsync(written, Longest, TakeCompleted, _stop.Token).ConfigureAwait(false);
            EndCurrent();
            if (last?.Kind == RemoteOutcomeKind.Unreachable)
                others = RemoteOutcomes.Lost(last.Loss!, hasBegun: false);
            if (last is not null && _isUnderWay)
                await EndAsync(_sent[_current], last).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            EndCurrent();
            if (_isUnderWay)
                _sent[_current].End(NodeOutcome.From(error, _sent[_current].Call.CancellationToken));
        }

        foreach (var call in _sent.Skip(_isUnderWay ? _current + 1 : Math.Max(0, _current)))
            call.Return(others);
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

    // Stopping one call ends all that were sent with it. A call behind it that has started meanwhile goes back.
    private static async Task EndAsync(QueuedCall call, RemoteResult result)
    {
        if (result.Kind == RemoteOutcomeKind.Stopped && !call.Call.CancellationToken.IsCancellationRequested)
            call.Return(NodeOutcome.Cancelled());
        else
            call.End(await RemoteOutcomes.OfAsync(call.Job.Call, result).ConfigureAwait(false));
    }

    private void TakeCompleted(RemoteResult result, bool isFollowed)
    {
        var call = _sent[_current];
        EndCurrent();
        call.Job.Call.Settle();
        _isUnderWay = false;
        if (isFollowed)
            StartNext();
        else
            _current++;
        // Converting an output may take long, and the next answer comes on this thread.
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
