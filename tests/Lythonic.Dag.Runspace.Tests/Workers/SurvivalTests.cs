using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>Nothing that a node does takes its process down, or keeps it from ending. Each is a process of its own.</summary>
public sealed class SurvivalTests : ModuleTest
{
    [Theory]
    [InlineData("[Slow]::Wait()")]
    [InlineData("($using:slow).Stay()")]
    public void After_a_node_that_waits_in_a_script_class_of_another_session_has_timed_out_the_process_ends(string node)
    {
        using var pwsh = Run($$"""
            class Slow { static [int] Wait() { [Threading.Thread]::Sleep(-1); return 1 } [int] Stay() { [Threading.Thread]::Sleep(-1);
                return 1 } }
            $slow = [Slow]::new()
            $run = New-Dag d { Add-DagNode a { {{node}} } -Timeout 1 } |
                Invoke-Dag -NoProvenance -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            "$($run.Status) $($run.Error -match 'timed out')"
            """);

        Assert.Equal("failed True", pwsh.Output.Trim());
    }

    [Fact]
    public void A_method_whose_array_is_too_long_fails_its_node()
    {
        using var pwsh = Run("""
            Add-Type 'public static class Much { public static long[] Make(int n) { return new long[n]; } }'
            $run = New-Dag d { Add-DagNode a -Method ([Much]::Make) } |
                Invoke-Dag -NoProvenance -SourceInput @{ n = [int]::MaxValue } -ErrorAction SilentlyContinue
            "$($run.Status) $($run.FailedNode)"
            """);

        Assert.Equal("failed a", pwsh.Output.Trim());
    }

    private PwshProcess Run(string script) => PwshProcess.Run(Session.Folder.Path, Session.Folder.Write("survives.ps1", script));
}
