using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Lythonic.Dag.Telemetry;

/// <summary>
/// Exports the spans and figures of the engine in the background, as the variables of OpenTelemetry's specification say. Where nobody takes
/// them they are dropped, and no run hears of it.
/// </summary>
public sealed class Exporter : IDisposable
{
    private const string Source = "Lythonic.Dag";
    private const string QueueSize = "OTEL_BSP_MAX_QUEUE_SIZE";

    // A map makes spans faster than the default of 2,048 lets them wait for a receiver: those of 20,000 elements have room.
    private const int Queue = 65_536;

    // What nobody takes does not hold up the end of a process for longer.
    private const int MostMilliseconds = 5_000;

    // Those of the specification end at ten seconds.
    private static readonly double[] Seconds =
        [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 86_400];

    private readonly TracerProvider? _spans;
    private readonly MeterProvider? _figures;

    /// <summary>Begins to listen.</summary>
    /// <param name="exportsSpans">Whether spans are exported.</param>
    /// <param name="exportsFigures">Whether figures are.</param>
    public Exporter(bool exportsSpans, bool exportsFigures)
    {
        if (exportsSpans)
            _spans = Sdk.CreateTracerProviderBuilder().AddSource(Source).AddOtlpExporter(EnlargeQueue).Build();
        if (exportsFigures)
        {
            _figures = Sdk.CreateMeterProviderBuilder()
                .AddMeter(Source)
                .AddView(
                    instrument => instrument.Unit == "s" ? new ExplicitBucketHistogramConfiguration { Boundaries = Seconds } : null)
                .AddOtlpExporter()
                .Build();
        }
    }

    /// <summary>Sends what is left, as long as that takes no longer than a few seconds, and listens no more.</summary>
    public void Dispose()
    {
        // Both at once, so that a receiver that says nothing is waited for once.
        var figures = Task.Run(() => _figures?.Shutdown(MostMilliseconds));
        _spans?.Shutdown(MostMilliseconds);
        figures.Wait(MostMilliseconds);
        _spans?.Dispose();
        _figures?.Dispose();
    }

    private static void EnlargeQueue(OtlpExporterOptions options)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(QueueSize)))
            options.BatchExportProcessorOptions.MaxQueueSize = Queue;
    }
}
