using Lythonic.Dag.Execution;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The calls of a run for the slots of one host. A slot makes one call at a time. Calls that come while all slots are busy wait, and are
/// then sent several at a time. The engine sends more calls than there are slots only if they are short.
/// </summary>
/// <param name="slots">The slots.</param>
/// <param name="make">Makes the first of the calls, and takes from the queue what it sends together with it.</param>
internal sealed class HostQueue(HostSlots slots, Func<HostQueue, QueuedCall, Task> make)
{
    private readonly Queue<QueuedCall> _waiting = new();
    private int _busy;

    /// <summary>Adds a call.</summary>
    /// <returns>How it ended.</returns>
    public Task<NodeOutcome> Add(QueuedCall call)
    {
        call.CancelWithToken();
        lock (_waiting)
        {
            _waiting.Enqueue(call);
            if (_busy >= slots.Count)
                return call.Outcome;
            _busy++;
        }

        _ = Task.Run(WorkAsync);
        return call.Outcome;
    }

    /// <summary>
    /// Takes calls that can be sent with another. The waiting calls are shared among all slots, so that none is idle while one has several.
    /// </summary>
    /// <param name="first">The call that the others are sent with.</param>
    public List<QueuedCall> TakeMore(QueuedCall first)
    {
        var calls = new List<QueuedCall>();
        lock (_waiting)
        {
            var most = Math.Min(first.PerSlot - 1, _waiting.Count / slots.Count);
            while (calls.Count < most && _waiting.TryPeek(out var call) && call is { IsAlone: false, PerSlot: > 1 })
            {
                _waiting.Dequeue();
                if (call.Begin())
                    calls.Add(call);
            }
        }

        return calls;
    }

    /// <summary>
    /// Notes that a call in one of the slots takes long. Calls that wait for the slots go back to the farm, because this host has less room
    /// now and another one may have more.
    /// </summary>
    public void NoteLong(QueuedCall call)
    {
        call.Call.Linger();
        var waiting = new List<QueuedCall>();
        lock (_waiting)
        {
            while (_waiting.TryDequeue(out var next))
            {
                if (next.Begin())
                    waiting.Add(next);
            }
        }

        waiting.ForEach(static next => next.Return(NodeOutcome.Cancelled(), mayHaveBegun: false));
    }

    private async Task WorkAsync()
    {
        while (Next() is { } call)
            await make(this, call).ConfigureAwait(false);
    }

    private QueuedCall? Next()
    {
        lock (_waiting)
        {
            while (_waiting.TryDequeue(out var call))
            {
                if (call.Begin())
                    return call;
            }

            _busy--;
            return null;
        }
    }
}
