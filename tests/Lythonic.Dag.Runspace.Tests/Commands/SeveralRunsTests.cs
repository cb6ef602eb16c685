using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

/// <summary>
/// Stored runs that come through a pipeline: if one of several cannot be restarted, the others still run; if it is the only one, it ends
/// the cmdlet.
/// </summary>
public sealed class SeveralRunsTests : ModuleTest
{
    // The runs come newest first, and the bad one of the three is not known to be bad before its turn.
    private const string Runs =
        """
        $stop = { if (-not [IO.File]::Exists("$using:Folder/go")) { throw 'no' }; 1 }
        $bad = New-Dag bad { Add-DagNode first { 1 }; Add-DagNode b $stop -After first }
        foreach ($dag in (New-Dag one { Add-DagNode a $stop }), $bad, (New-Dag two { Add-DagNode a $stop })) { $null = $dag |
            Invoke-Dag -ErrorAction SilentlyContinue }
        $null = New-Dag bad { Add-DagNode first { 2 }; Add-DagNode b $stop -After first }
        [IO.File]::WriteAllText("$Folder/go", ''); $Error.Clear()
        $runs = @(Get-DagRun); $only = Get-DagRun -DagName bad

        """;

    private const string Statuses =
        "; @(Get-DagRun | Where-Object { -not $_.ReplayedFrom } | ForEach-Object { \"$($_.DagName) $($_.Status)\" }) -join ', '";

    [Theory]
    [InlineData("$runs")]
    [InlineData("$runs[1, 0, 2]")]
    [InlineData("$runs[0, 2, 1]")]
    public void One_of_several_that_cannot_be_restarted_is_an_error_and_the_others_go_on(string order)
    {
        var result = Session.Run(Runs + $"$null = {order} | Restart-DagRun" + Statuses);

        Assert.Null(result.TerminatingError);
        Assert.StartsWith("DagDefinitionChanged,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("two completed, bad failed, one completed", result.Text);
    }

    [Theory]
    [InlineData("$only, $only | Restart-DagRun -ErrorVariable e -ErrorAction SilentlyContinue")]
    [InlineData("'zebra', $only | Restart-DagRun -ErrorVariable e -ErrorAction SilentlyContinue")]
    [InlineData("$only, $only | Invoke-DagReplay -Node nosuch -ErrorVariable e -ErrorAction SilentlyContinue")]
    public void Where_none_can_be_taken_up_each_has_an_error(string command) => Gives(
        "2", Runs + $"try {{ {command}; $e.Count; $Error.Clear() }} catch {{ 'ended' }}");

    [Theory]
    [InlineData("$only | Restart-DagRun")]
    [InlineData("$only | Restart-DagRun -WhatIf")]
    [InlineData("$only | Restart-DagRun -ErrorAction SilentlyContinue")]
    [InlineData("Restart-DagRun $only")]
    [InlineData("$only | Invoke-DagReplay -Node a", "DagNodeNotFound")]
    [InlineData("Invoke-DagReplay $only a", "DagNodeNotFound")]
    public void One_alone_ends_the_cmdlet(string command, string id = "DagDefinitionChanged") => Gives(
        id, Runs + $"try {{ {command}; 'went on' }} catch {{ $_.FullyQualifiedErrorId.Split(',')[0]; $Error.Clear() }}");

    [Fact]
    public void ErrorAction_Stop_ends_at_the_first_that_cannot_be_restarted() => Gives(
        "DagDefinitionChanged\ntwo failed, bad failed, one failed",
        Runs + "try { $runs[1, 0, 2] | Restart-DagRun -ErrorAction Stop } catch { $_.FullyQualifiedErrorId.Split(',')[0]; $Error.Clear() }"
            + Statuses);

    [Fact]
    public void Those_that_can_be_replayed_are() => Gives(
        "two,one 1", Runs +
            "$new = $runs | Invoke-DagReplay -Node a -ErrorVariable e -ErrorAction SilentlyContinue; $Error.Clear(); "
            + "\"$($new.DagName -join ',') $($e.Count)\"");

    [Fact]
    public void WhatIf_of_several_restarts_none() => Gives(
        "1 two failed, bad failed, one failed",
        Runs + "$runs | Restart-DagRun -WhatIf -ErrorVariable e -ErrorAction SilentlyContinue; $Error.Clear(); $said = $e.Count"
            + Statuses.Replace("; @", "; \"$said \" + (@", StringComparison.Ordinal) + ")");
}
