using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>What of a stored output goes into sub-DAGs when a run is restarted.</summary>
public sealed class StoredElementTests : ModuleTest
{
    private const string Restarted = """
        $global:mended = $false
        $run = Invoke-Dag $d -Inline -ErrorAction SilentlyContinue
        $global:mended = $true
        $again = Restart-DagRun $run.RunId -Dag $d -Inline -ErrorAction SilentlyContinue -ErrorVariable e
        """;

    [Theory]
    [InlineData("-Map { param([Text.StringBuilder]$s) if (-not $mended) { throw 'no' }; \"$s\" }")]
    [InlineData("-Call (New-Dag s { Add-DagNode x { param([Text.StringBuilder]$s) if (-not $mended) { throw 'no' }; \"$s\" } })")]
    [InlineData("-Switch @{ default = { param([Text.StringBuilder]$s) if (-not $mended) { throw 'no' }; \"$s\" } } -By { 'any' }")]
    public void A_live_object_that_is_gone_is_an_error_and_never_another_object(string composite) => Gives(
        "failed True",
        $$"""
        $d = New-Dag d { Add-DagNode make { [Text.StringBuilder]::new('q') }; Add-DagNode m -After make {{composite}} }
        {{Restarted}}
        "$($again.Status) $("$($e[-1])" -match "stored output of node 'make'")"
        """);

    [Fact]
    public void A_snapshot_goes_where_no_type_is_declared() => Gives(
        "completed 1",
        $$"""
        $d = New-Dag d { Add-DagNode make { [Text.StringBuilder]::new('q') }; Add-DagNode m -After make -Map { param($s) if (-not $mended) { throw 'no' }; $s.Length } }
        {{Restarted}}
        "$($again.Status) $($again.Outputs['m'])"
        """);
}
