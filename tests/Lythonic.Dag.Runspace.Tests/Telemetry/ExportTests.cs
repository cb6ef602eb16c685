using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Telemetry;

public sealed class ExportTests : ModuleTest
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string CallerId = "b7ad6b7169203331";

    private readonly OtlpReceiver _receiver = new();

    [Fact]
    public void A_process_that_ends_right_after_its_run_has_sent_every_span_and_a_node_anywhere_is_told_its_own()
    {
        var said = Run(
            """
            $dag = New-Dag nightly {
                Add-DagNode here { "$($DagContext.TraceParent) $([Diagnostics.Activity]::Current.Id)" }
                Add-DagNode inline -Inline { "$($DagContext.TraceParent) $([Diagnostics.Activity]::Current.Id)" }
                Add-DagNode far -On Process { "$($DagContext.TraceParent) $($DagContext.TraceParent)" }
                Add-DagNode list { 1..3 }
                Add-DagNode each -After list -Map { $null = $_ }
            }
            $run = Invoke-Dag $dag
            'here', 'inline', 'far' | ForEach-Object { "$_ $($run.Outputs[$_])" }
            [Environment]::Exit(0)
            """);

        var spans = _receiver.Spans;
        var expected = new[] { "far", "here", "inline", "list" }.SelectMany(label => new[] { $"attempt {label}", $"node {label}" })
            .Concat(Enumerable.Repeat("attempt each", 3)).Concat(Enumerable.Repeat("node each", 4))
            .Concat(Enumerable.Repeat("run each", 3)).Append("run nightly");
        Assert.Equal(expected.Order(StringComparer.Ordinal), spans.Select(span => span.Name).Order(StringComparer.Ordinal));
        Assert.All(spans, span => Assert.Equal(TraceId, span.TraceId));
        Assert.Equal(CallerId, spans.Single(span => span.Name == "run nightly").ParentId);
        Assert.All(said, line =>
        {
            var words = line.Split(' ');
            var id = $"00-{TraceId}-{spans.Single(span => span.Name == $"attempt {words[0]}").Id}-01";
            Assert.Equal([words[0], id, id], words);
        });
        Assert.Equal(3, said.Length);
        Assert.Contains("nightly-jobs", _receiver.Text("/v1/traces"), StringComparison.Ordinal);
        Assert.Contains("lythonic.dag.node.duration", _receiver.Text("/v1/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_that_is_removed_has_sent_its_spans_and_one_that_is_imported_again_sends_more()
    {
        var said = Run(
            $$"""
            function Run { $null = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag -NoProvenance }
            Run; Remove-Module Lythonic.Dag; Invoke-RestMethod $env:OTEL_EXPORTER_OTLP_ENDPOINT
            Import-Module '{{Repository.Manifest}}'; Run; Remove-Module Lythonic.Dag; Invoke-RestMethod $env:OTEL_EXPORTER_OTLP_ENDPOINT
            """);

        Assert.Equal(["3", "6"], said);
    }

    [Fact]
    public void A_receiver_that_is_not_there_fails_no_run_and_is_nothing_that_is_written()
    {
        _receiver.Dispose();

        Assert.Equal(["completed"], Run("\"$((New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag -NoProvenance).Status)\""));
    }

    [Fact]
    public void Where_nobody_listens_a_node_is_told_no_span_and_nothing_is_loaded() => Gives(
        "True 0",
        """
        $dag = New-Dag d {
            Add-DagNode a { $null -eq $DagContext.TraceParent }
        }
        $loaded = [AppDomain]::CurrentDomain.GetAssemblies().Where{ $_.GetName().Name -like 'OpenTelemetry*' }
        "$((Invoke-Dag $dag).Outputs['a']) $($loaded.Count)"
        """);

    private string[] Run(string script)
    {
        using var process = new PwshProcess(Session.Folder.Path, Session.Database, Session.Folder.Write("run.ps1", script), new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _receiver.Endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_SERVICE_NAME"] = "nightly-jobs",
            ["TRACEPARENT"] = $"00-{TraceId}-{CallerId}-01",
        });
        Assert.Equal(0, process.WaitForExit());
        Assert.Equal("", process.Error);
        return process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
