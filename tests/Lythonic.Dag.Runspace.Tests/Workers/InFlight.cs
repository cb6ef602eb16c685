using System.Collections.Concurrent;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>Counts who is in flight, and holds each back until there are as many as there may be.</summary>
public static class InFlight
{
    private static readonly ConcurrentDictionary<string, Counter> Sessions = new();

    /// <summary>Begins a count of so many at once; as many calls in all must be a multiple of that.</summary>
    public static void Expect(string session, int atOnce) => Sessions[session] = new(atOnce);

    /// <summary>Stays until the others have come.</summary>
    public static void Stay(string session) => Sessions[session].Stay();

    /// <summary>The most at once.</summary>
    public static int Most(string session) => Sessions[session].Most;

    private sealed class Counter(int atOnce)
    {
        private readonly object _gate = new();
        private int _now;
        private int _waiting;
        private int _round;

        public int Most { get; private set; }

        public void Stay()
        {
            lock (_gate)
            {
                Most = Math.Max(Most, ++_now);
                WaitForOthers();
                _now--;
            }
        }

        private void WaitForOthers()
        {
            var round = _round;
            if (++_waiting == atOnce)
            {
                (_waiting, _round) = (0, round + 1);
                Monitor.PulseAll(_gate);
            }

            while (round == _round)
            {
                if (!Monitor.Wait(_gate, Limits.Hang))
                    throw new TimeoutException("Fewer were in flight than may be.");
            }
        }
    }
}
