using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Lythonic.Dag.Telemetry;

/// <summary>
/// Exports the spans and metrics of the engine in the background, configured by the environment variables of the OpenTelemetry
/// specification. If no receiver takes them, they are dropped, and runs go on undisturbed.
/// </summary>
public sealed class Exporter : IDisposable
{
    private const string Source = "Lythonic.Dag";
    private const string QueueSize = "OTEL_BSP_MAX_QUEUE_SIZE";

    // A map makes spans faster than a receiver takes them, and the default queue holds only 2,048. This one holds those of 20,000 elements.
    private const int Queue = 65_536;

    // How long the end of the process may be delayed to send what is left.
    private const int MostMilliseconds = 5_000;

    // The boundaries of the duration histograms. The specification's own end at ten seconds.
    private static readonly double[] Seconds =
        [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 86_400];

    private readonly TracerProvider? _spans;
    private readonly MeterProvider? _figures;

    /// <summary>Begins to listen.</summary>
    /// <param name="exportsSpans">Whether to export spans.</param>
    /// <param name="exportsFigures">Whether to export metrics.</param>
    public Exporter(bool exportsSpans, bool exportsFigures)
    {
        if (exportsSpans)
            _spans = Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(SayWho)
                .AddSource(Source)
                .AddOtlpExporter(EnlargeQueue)
                .Build();
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

    /// <summary>Stops listening, and sends what is left, for five seconds at most.</summary>
    public void Dispose()
    {
        // Shut down both at once, so that a receiver that does not answer delays the process only once.
        var figures = Task.Run(() => _figures?.Shutdown(MostMilliseconds));
        _spans?.Shutdown(MostMilliseconds);
        figures.Wait(MostMilliseconds);
        _spans?.Dispose();
        _figures?.Dispose();
    }

    // Names the user, machine and process by the semantic conventions. Attributes of the user's own environment variables win.
    private static void SayWho(ResourceBuilder resource) => resource
        .AddAttributes(
        [
            new("process.owner", Environment.UserName),
            new("host.name", Environment.MachineName),
            new("process.pid", (long)Environment.ProcessId),
        ])
        .AddEnvironmentVariableDetector();

    private static void EnlargeQueue(OtlpExporterOptions options)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(QueueSize)))
            options.BatchExportProcessorOptions.MaxQueueSize = Queue;
    }
}
