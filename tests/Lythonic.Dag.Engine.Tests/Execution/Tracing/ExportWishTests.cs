using Lythonic.Dag.Execution;

namespace Lythonic.Dag.Engine.Tests.Execution;

public sealed class ExportWishTests
{
    [Theory]
    [InlineData("", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT= ", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c", true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c", true, false)]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://c", false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c;OTEL_TRACES_EXPORTER=none", false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c;OTEL_TRACES_EXPORTER=otlp;OTEL_METRICS_EXPORTER=none", true, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c;OTEL_SDK_DISABLED=True", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c;OTEL_SDK_DISABLED=false", true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=collector:4318", false, false, "OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http//c", false, false, "OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c;OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=c", true, false,
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=c;OTEL_SDK_DISABLED=true", false, false)]
    public void The_environment_says_what_is_exported(string variables, bool spans, bool figures, string? malformed = null)
    {
        var said = variables.Split(';').Select(variable => variable.Split('=')).ToDictionary(parts => parts[0], parts => parts[^1]);

        Assert.Equal(new ExportWish(spans, figures, malformed), ExportWish.Read(name => said.GetValueOrDefault(name)));
    }
}
