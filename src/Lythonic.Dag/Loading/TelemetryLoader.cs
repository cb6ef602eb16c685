using System.Reflection;
using Lythonic.Dag.Execution;

namespace Lythonic.Dag.Loading;

/// <summary>
/// Loads the exporter of spans and metrics from <c>deps/telemetry/</c> with the first run for which the environment names an endpoint. What
/// is left is sent when the module is removed and when the process ends.
/// </summary>
internal static class TelemetryLoader
{
    // Spans are types of the runtime. The exporter was built for those of this version.
    private const int OldestRuntime = 10;

    private static readonly object Gate = new();
    private static IDisposable? _exporter;
    private static bool _hasFailed;
    private static bool _isWarned;

    static TelemetryLoader() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => Stop();

    /// <summary>
    /// Begins to export if the environment asks for it and it has not begun. If it cannot begin, the run goes on without it.
    /// </summary>
    /// <param name="warn">Is told once why it cannot begin.</param>
    public static void Start(Action<string> warn)
    {
        var wish = ExportWish.Read(Environment.GetEnvironmentVariable);
        if (wish.Malformed is { } variable)
            WarnOnce(variable, warn);
        if (wish is { Spans: false, Figures: false })
            return;
        string? problem;
        lock (Gate)
        {
            if (_exporter is not null || _hasFailed)
                return;
            problem = Load(wish);
            _hasFailed = problem is not null;
        }

        if (problem is not null)
            warn($"{ExportWish.Endpoint} is set, but nothing is exported: {problem}");
    }

    /// <summary>Sends what is left, and stops exporting.</summary>
    public static void Stop()
    {
        lock (Gate)
        {
            _exporter?.Dispose();
            _exporter = null;
        }
    }

    private static void WarnOnce(string variable, Action<string> warn)
    {
        lock (Gate)
        {
            if (_isWarned)
                return;
            _isWarned = true;
        }

        warn($"{variable} is '{Environment.GetEnvironmentVariable(variable)}', which is no address, such as http://localhost:4318: "
            + "what it stands for is not exported.");
    }

    private static string? Load(ExportWish wish)
    {
        if (Environment.Version.Major < OldestRuntime)
            return $"the exporter needs .NET {OldestRuntime}, as PowerShell 7.6 has, and this process has {Environment.Version}.";
        try
        {
            var assembly = DependencyLoadContext.Load("Lythonic.Dag.Telemetry", "telemetry");
            var type = assembly.GetType("Lythonic.Dag.Telemetry.Exporter", throwOnError: true)!;
            _exporter = (IDisposable)Activator.CreateInstance(type, wish.Spans, wish.Figures)!;
            return null;
        }
        catch (Exception error)
        {
            return (error is TargetInvocationException { InnerException: { } cause } ? cause : error).Message;
        }
    }
}
