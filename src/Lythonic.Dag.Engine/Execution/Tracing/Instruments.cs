using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The source of spans and the meter by which the engine reports its runs to listeners in this process. Both are named <c>Lythonic.Dag</c>.
/// </summary>
internal static class Instruments
{
    /// <summary>The name of the source and of the meter.</summary>
    public const string Name = "Lythonic.Dag";

    private static readonly string? Version = typeof(Instruments).Assembly.GetName().Version?.ToString(3);
    private static readonly Meter Meter = new(Name, Version);

    /// <summary>The source of spans.</summary>
    public static readonly ActivitySource Source = new(Name, Version);

    /// <summary>Runs that ended, without sub-runs.</summary>
    public static readonly Counter<long> Runs = Meter.CreateCounter<long>("lythonic.dag.runs", "{run}", "Runs that ended.");

    /// <summary>How long they took.</summary>
    public static readonly Histogram<double> RunDuration =
        Meter.CreateHistogram<double>("lythonic.dag.run.duration", "s", "How long runs took.");

    /// <summary>How long nodes took, from the start of the first attempt to the end of the last one.</summary>
    public static readonly Histogram<double> NodeDuration =
        Meter.CreateHistogram<double>("lythonic.dag.node.duration", "s", "How long nodes took, with all their attempts.");

    /// <summary>Attempts of nodes that ended.</summary>
    public static readonly Counter<long> Attempts =
        Meter.CreateCounter<long>("lythonic.dag.node.attempts", "{attempt}", "Attempts of nodes that ended.");

    /// <summary>Attempts of nodes that are in flight.</summary>
    public static readonly UpDownCounter<long> InFlight =
        Meter.CreateUpDownCounter<long>("lythonic.dag.node.in_flight", "{attempt}", "Attempts of nodes in flight.");

    /// <summary>Whether anybody listens. A run asks once, when it begins.</summary>
    public static bool HasListeners =>
        Source.HasListeners() || Runs.Enabled || RunDuration.Enabled || NodeDuration.Enabled || Attempts.Enabled || InFlight.Enabled;
}
