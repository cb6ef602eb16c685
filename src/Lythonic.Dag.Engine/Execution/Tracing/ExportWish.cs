namespace Lythonic.Dag.Execution;

/// <summary>Which telemetry to export, as the environment variables of the OpenTelemetry specification say.</summary>
/// <param name="Spans">Whether to export spans.</param>
/// <param name="Figures">Whether to export metrics.</param>
/// <param name="Malformed">The variable with an endpoint that is no address; or <see langword="null"/>.</param>
internal sealed record ExportWish(bool Spans, bool Figures, string? Malformed = null)
{
    /// <summary>The variable with the endpoint.</summary>
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly ExportWish None = new(false, false);

    /// <summary>Reads the variables.</summary>
    /// <param name="variable">Returns the value of a variable.</param>
    public static ExportWish Read(Func<string, string?> variable)
    {
        string Said(string name) => variable(name)?.Trim() ?? "";
        string? malformed = null;
        // The variable may name an exporter that this module does not have.
        bool Exports(string signal)
        {
            if (Said($"OTEL_{signal}_EXPORTER") is not ("" or "otlp"))
                return false;
            var own = $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT";
            var name = Said(own).Length > 0 ? own : Endpoint;
            // Without an endpoint, the exporter would silently send to this machine.
            if (Said(name).Length > 0 && !IsAddress(Said(name)))
                malformed ??= name;
            return Said(name).Length > 0 && IsAddress(Said(name));
        }

        if (Said("OTEL_SDK_DISABLED").Equals("true", StringComparison.OrdinalIgnoreCase))
            return None;
        var (spans, figures) = (Exports("TRACES"), Exports("METRICS"));
        return new(spans, figures, malformed);
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https") && address.Host.Length > 0;
}
