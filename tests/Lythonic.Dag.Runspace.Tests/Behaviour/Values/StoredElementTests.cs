using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>Which elements of a stored output go into sub-DAGs when a run is restarted.</summary>
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

    [Theory]
    [InlineData("$t = [Collections.Concurrent.ConcurrentDictionary[string,int]]::new(); $t['k'] = 1; $t['K'] = 2; $t['l'] = 3; , $t",
        "k=1 K=2 l=3")]
    [InlineData("$t = [Collections.Specialized.ListDictionary]::new(); $t['k'] = 1; $t['K'] = 2; $t['l'] = 3; , $t", "k=1 K=2 l=3")]
    [InlineData(", [Collections.Immutable.ImmutableArray]::Create([int[]](1, 2, 3))", "1 2 3")]
    [InlineData(", ([xml]'<a><b n=\"1\"/><b n=\"2\"/><b n=\"3\"/></a>').a.ChildNodes", "1 2 3")]
    public void A_map_runs_over_what_a_live_collection_held(string make, string expected) => Gives(
        "completed " + expected,
        $$"""
        $d = New-Dag d {
            Add-DagNode make { {{make}} }
            Add-DagNode m -After make -Map { param($v) $v = "$($v.n ?? $v)"; if (-not $mended -and $v -eq '3') { throw 'no' }; $v }
        }
        {{Restarted}}
        $out = $again.Outputs['m']
        $keys = $out -is [Collections.IDictionary] ? ($out.Keys | Sort-Object { $out[[object] $_] }) : $null
        "$($again.Status) $($keys ? ($keys | ForEach-Object { "$_=$($out[[object] $_])" }) : $out)"
        """);

    [Fact]
    public void A_snapshot_goes_where_no_type_is_declared() => Gives(
        "completed 1",
        $$"""
        $d = New-Dag d { Add-DagNode make { [Text.StringBuilder]::new('q') };
            Add-DagNode m -After make -Map { param($s) if (-not $mended) { throw 'no' }; $s.Length } }
        {{Restarted}}
        "$($again.Status) $($again.Outputs['m'])"
        """);
}
