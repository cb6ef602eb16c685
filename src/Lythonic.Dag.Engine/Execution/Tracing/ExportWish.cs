namespace Lythonic.Dag.Execution;

/// <summary>What of telemetry the environment asks to be exported, by the variables of OpenTelemetry's specification.</summary>
/// <param name="Spans">Whether spans are.</param>
/// <param name="Figures">Whether figures are.</param>
internal sealed record ExportWish(bool Spans, bool Figures)
{
    /// <summary>The variable that says where to.</summary>
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly ExportWish None = new(false, false);

    /// <summary>Reads what is asked for.</summary>
    /// <param name="variable">Gives the value of a variable.</param>
    public static ExportWish Read(Func<string, string?> variable)
    {
        string Said(string name) => variable(name)?.Trim() ?? "";
        // The variable may name an exporter that this module does not have.
        bool Exports(string signal) => Said($"OTEL_{signal}_EXPORTER") is "" or "otlp"
            && (Said(Endpoint).Length > 0 || Said($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT").Length > 0);
        return Said("OTEL_SDK_DISABLED").Equals("true", StringComparison.OrdinalIgnoreCase)
            ? None
            : new(Exports("TRACES"), Exports("METRICS"));
    }
}
