using System.Diagnostics;

namespace Lythonic.Dag.Benchmarks;

/// <summary>One line of the table.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Count">How many elements or nodes one round works through.</param>
/// <param name="Body">One round.</param>
/// <param name="PeerName">The peer or the floor, or <see langword="null"/>.</param>
/// <param name="PeerCount">How many elements one round of the peer works through.</param>
/// <param name="Peer">One round of the peer.</param>
internal sealed record Figure(string Name, int Count, Action Body, string? PeerName = null, int PeerCount = 1, Action? Peer = null)
{
    /// <summary>Microseconds an element, as last measured.</summary>
    public double Ours { get; private set; }

    /// <summary>Measures without the peer.</summary>
    public double MeasureOurs(int rounds)
    {
        (this with { Peer = null }).Measure(rounds, out var ours);
        return Ours = ours;
    }

    /// <summary>What is done before each round, and is not measured.</summary>
    public Action? Prepare { get; init; }

    /// <summary>Measures and writes the line: microseconds an element, and the peer's over ours.</summary>
    public string Measure(int rounds)
    {
        var line = Measure(rounds, out var ours);
        Ours = ours;
        return line;
    }

    private string Measure(int rounds, out double median)
    {
        Prepare?.Invoke();
        Body();
        Peer?.Invoke();
        var (ours, peers, ratios) = (new double[rounds], new double[rounds], new double[rounds]);
        var costs = new Cost[rounds];
        for (var round = 0; round < rounds; round++)
        {
            Prepare?.Invoke();
            ours[round] = Time(Body, out costs[round]) / Count;
            peers[round] = Peer is null ? 0 : Time(Peer, out _) / PeerCount;
            ratios[round] = peers[round] / ours[round];
        }

        median = Median(ours);
        var peer = Peer is null ? "" : $"{PeerName}: {Median(peers):N1} µs";
        var ratio = Peer is null
            ? ""
            : Median(ratios) >= 1
            ? $"{Median(ratios):N1} times faster"
            : $"{1 / Median(ratios):N1} times the floor";
        double Each(Func<Cost, double> cost) => Median([.. costs.Select(cost)]) / Count;
        var each = $"{Each(cost => cost.Cpu):N1} µs of the processors, {Each(cost => cost.Bytes):N0} bytes, "
            + $"{Each(cost => cost.Waits):N3} waits for a lock";
        return $"| {Name} | {Median(ours):N1} µs each | {peer} | {ratio} | {each} |";
    }

    private static double Time(Action body, out Cost cost)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Cost.Now();
        var started = Stopwatch.GetTimestamp();
        body();
        var time = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        var after = Cost.Now();
        cost = new(after.Cpu - before.Cpu, after.Bytes - before.Bytes, after.Waits - before.Waits);
        return time;
    }

    // What this process has used: processor time in microseconds, bytes that were allocated, and how often a thread waited for a lock.
    private readonly record struct Cost(double Cpu, double Bytes, double Waits)
    {
        public static Cost Now()
        {
            using var process = Process.GetCurrentProcess();
            return new(process.TotalProcessorTime.TotalMicroseconds, GC.GetTotalAllocatedBytes(true), Monitor.LockContentionCount);
        }
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
