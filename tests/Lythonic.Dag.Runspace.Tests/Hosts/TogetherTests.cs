using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosts;

/// <summary>
/// Short elements, of which several are sent at once if the machine is quick enough. Either way, each behaves as if it were alone.
/// </summary>
public sealed class TogetherTests : HostTest
{
    private const string Elements = """
        function Invoke-Elements([scriptblock]$Code, [hashtable]$With = @{}) {
            $dag = New-Dag d { Add-DagNode a { 0..99 }; Add-DagNode b -After a -On $Process -Map $Code @With }
            Invoke-Dag $dag -WarningAction SilentlyContinue -ErrorAction SilentlyContinue
        }

        """;

    [Fact]
    public void Each_has_its_output_streams_and_attempt() => Gives(
        "True\n100 1\n100",
        Elements + """
        $run = Invoke-Elements {
            Write-Warning "w$_"; Write-Error "e$_"
            [pscustomobject]@{ Number = $_ }
        }
        $output = $run.Outputs['b']
        ($output.Number -join ',') -eq (0..99 -join ',')
        $rows = @($run.Nodes['b'].ChildRuns | ForEach-Object { $_.Nodes[0] })
        "$($rows.Count) $($rows.Attempt | Sort-Object -Unique)"
        $own = foreach ($index in 0..99) {
            $node = $run.Nodes['b'].ChildRuns[$index].Nodes[0]
            if ("$($node.Messages.Text)" -eq "w$($node.Output.Number) e$($node.Output.Number)" -and $node.ErrorCount -eq 1 -and
                $node.StartedAt -le $node.FinishedAt) { $index }
        }
        $own.Count
        """);

    [Theory]
    [InlineData("exit", "ended its runspace")]
    [InlineData("throw 'no way'", "no way")]
    [InlineData("$DagContext.Pause('later')", "")]
    [InlineData("[Environment]::Exit(3)", null)]
    public void One_that_does_not_complete_is_alone_with_that(string code, string? error) => Gives(
        error is null ? "completed\n\n100" : error.Length == 0 ? "paused\n\n100" : $"completed\n{error}\n99",
        Elements + $$"""
        $run = Invoke-Elements { if ($_ -eq 80 -and $DagContext.Attempt -eq 1) { {{code}} }; $_ } @{ AllowFailure = 1 }
        $run.Status
        if ($run.Status -eq 'completed') {
            $failed = $run.Nodes['b'].ChildRuns.Nodes | Where-Object Status -eq failed
            [regex]::Match("$($failed.Error)", '{{error}}').Value
        } else { ''; $run = $run | Restart-DagRun }
        # Whoever was sent with one that loses its host is made again as another attempt.
        $attempts = {{(error is null ? "1..9" : "1")}}
        $nodes = $run.Nodes['b'].ChildRuns.Nodes
        @($nodes | Where-Object { $_.Status -eq 'completed' -and $_.Attempt -in $attempts -or $_.Output -eq 80 }).Count
        """);

    [Fact]
    public void One_that_takes_too_long_times_out_alone() => Gives(
        "completed 99 1\nTrue",
        Elements + """
        $element = New-Dag e { Add-DagNode x -Timeout 2 { if ($_ -eq 80) { Start-Sleep 60 }; $_ } }
        $dag = New-Dag d { Add-DagNode a { 0..99 }; Add-DagNode b -After a -On $Process -AllowFailure 1 -Map $element }
        $run = Invoke-Dag $dag -WarningAction SilentlyContinue
        $rows = $run.Nodes['b'].ChildRuns.Nodes
        "$($run.Status) $(@($rows | Where-Object Status -eq completed).Count) $($rows.Attempt | Sort-Object -Unique)"
        ($rows | Where-Object Status -eq failed).Error -match 'timed out after 2'
        """);
}
