using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class PauseTests : ModuleTest
{
    private const string Pausing =
        """
        $d = New-Dag d {
            Add-DagNode a { [Tests.Ran]::Node($using:Folder, 'a'); 1 }
            Add-DagNode b { param($x) [Tests.Ran]::Node($using:Folder, 'b');
                if (-not [IO.File]::Exists("$using:Folder/go")) { $DagContext.Pause('needs approval') }; $x + 1 } -After a
            Add-DagNode c { param($x) [Tests.Ran]::Node($using:Folder, 'c'); $x * 10 } -After b
        }
        $r = Invoke-Dag $d

        """;

    [Fact]
    public void A_node_that_pauses_pauses_its_run() => Gives(
        "paused",
        Pausing + """
        $r.Status
        """);

    [Fact]
    public void A_pause_is_no_error() => Gives(
        "0",
        Pausing + """
        $Error.Count
        """);

    [Fact]
    public void The_run_says_why_it_paused() => Gives(
        "needs approval",
        Pausing + """
        $r.Error
        """);

    [Fact]
    public void No_node_starts_after_a_pause() => Gives(
        "a,b",
        Pausing + """
        [Tests.Ran]::Sorted($Folder)
        """);

    [Fact]
    public void The_node_that_paused_is_paused() => Gives(
        "paused",
        Pausing + """
        ($r.Nodes | Where-Object Label -eq b).Status
        """);

    [Fact]
    public void The_node_that_paused_runs_again_on_restart() => Gives(
        "b,c",
        Pausing + """
        [IO.File]::WriteAllText("$Folder/go", ''); [Tests.Ran]::Clear($Folder); $r = Restart-DagRun $r.RunId -Dag $d
        [Tests.Ran]::Sorted($Folder)
        """);

    [Fact]
    public void A_restart_reaches_the_end() => Gives(
        "completed 20",
        Pausing + """
        [IO.File]::WriteAllText("$Folder/go", ''); [Tests.Ran]::Clear($Folder); $r = Restart-DagRun $r.RunId -Dag $d
        "$($r.Status) $($r.Outputs['c'])"
        """);

    [Fact]
    public void A_paused_run_is_kept_as_paused() => Gives(
        "paused",
        Pausing + """
        (Get-DagRun).Status
        """);

    [Fact]
    public void A_pause_that_a_node_catches_still_pauses_the_run() => Gives(
        "paused",
        """
        $d = New-Dag d {
            Add-DagNode a { try { $DagContext.Pause('x') } catch { }; 1 }
        }
        (Invoke-Dag $d).Status
        """);

    [Fact]
    public void Nodes_in_flight_finish() => Gives(
        "completed",
        """
        $gate = [Threading.Barrier]::new(2)
        $d = New-Dag d {
            Add-DagNode a { $g = $using:gate; $null = $g.SignalAndWait(300000); $DagContext.Pause('x') }
            Add-DagNode b { $g = $using:gate; $null = $g.SignalAndWait(300000); 1 }
        }
        ((Invoke-Dag $d -ThrottleLimit 2).Nodes | Where-Object Label -eq b).Status
        """);

    [Theory]
    [InlineData(
        "-Map { if ($_ -eq 2 -and -not [IO.File]::Exists(\"$using:Folder/go\")) { $DagContext.Pause('wait') }; "
        + "[Tests.Ran]::Node($using:Folder, \"$_\"); $_ }", "1 2")]
    [InlineData(
        "-Switch @{ only = { if (-not [IO.File]::Exists(\"$using:Folder/go\")) { $DagContext.Pause('wait') }; "
        + "[Tests.Ran]::Node($using:Folder, 's'); $_ } } -By { 'only' }", "1 2")]
    public void A_pause_inside_a_composite_pauses_the_run_and_a_restart_goes_on_inside(string composite, string output) => Gives(
        $"paused wait completed {output}",
        $$"""
        $d = New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode c {{composite}} -After a }
        $r = Invoke-Dag $d -ThrottleLimit 1; [IO.File]::WriteAllText("$Folder/go", ''); $s = Restart-DagRun $r.RunId
        "$($r.Status) $($r.Error) $($s.Status) $($s.Outputs['c'])"
        """);

    [Fact]
    public void Elements_that_had_completed_before_a_pause_are_not_run_again() => Gives(
        "2,3",
        """
        $d = New-Dag d { Add-DagNode a { 1, 2, 3 };
            Add-DagNode m -Map { if ($_ -eq 2 -and -not [IO.File]::Exists("$using:Folder/go")) { $DagContext.Pause() };
            [Tests.Ran]::Node($using:Folder, "$_"); $_ } -After a }
        $r = Invoke-Dag $d -ThrottleLimit 1; [IO.File]::WriteAllText("$Folder/go", ''); [Tests.Ran]::Clear($Folder);
            $null = Restart-DagRun $r.RunId; [Tests.Ran]::Sorted($Folder)
        """);

    [Fact]
    public void A_paused_sub_run_is_paused_in_the_database() => Gives(
        "paused,paused",
            "$null = New-Dag d { Add-DagNode a { 1 }; Add-DagNode m -Map { $DagContext.Pause() } -After a } | Invoke-Dag; "
            + "(Get-DagRun -IncludeChild).Status -join ','");

    [Fact]
    public void A_pause_two_levels_down_goes_on_there() => Gives(
        "paused completed 8 inner",
        """
        $i = New-Dag i { Add-DagNode x { [Tests.Ran]::Node($using:Folder, 'outer'); $_ + 1 };
            Add-DagNode y { if (-not [IO.File]::Exists("$using:Folder/go")) { $DagContext.Pause() };
            [Tests.Ran]::Node($using:Folder, 'inner'); $_ * 2 } -After x }
        $s = New-Dag s { Add-DagNode p { $_ }; Add-DagNode c -Call $i -After p }
        $d = New-Dag d { Add-DagNode a { 3 }; Add-DagNode c -Call $s -After a }
        $r = Invoke-Dag $d; [IO.File]::WriteAllText("$Folder/go", ''); [Tests.Ran]::Clear($Folder); $t = Restart-DagRun $r.RunId
        "$($r.Status) $($t.Status) $($t.Outputs['c']) $([Tests.Ran]::Sorted($Folder))"
        """);

    [Fact]
    public void A_pause_needs_no_reason() => Gives("paused", "(New-Dag d { Add-DagNode a { $DagContext.Pause() } } | Invoke-Dag).Status");

    [Fact]
    public void The_exception_pauses_too() => Gives(
        "paused why",
            "$r = New-Dag d { Add-DagNode a { throw [Lythonic.Dag.DagPauseException]::new('why') } } | Invoke-Dag; "
            + "\"$($r.Status) $($r.Error)\"");

    [Fact]
    public void A_paused_run_has_no_failed_node() =>
        Gives("True", "$null -eq (New-Dag d { Add-DagNode a { $DagContext.Pause() } } | Invoke-Dag).FailedNode");

    [Theory]
    [InlineData("Invoke-Dag $d")]
    [InlineData("$r = Invoke-Dag $d")]
    [InlineData("$null = Invoke-Dag $d -WarningAction Ignore; Get-DagRun | Restart-DagRun")]
    [InlineData("Invoke-Dag $d -AsJob | Wait-Job | Receive-Job")]
    public void A_warning_says_why_the_run_is_paused_and_how_to_go_on(string line)
    {
        var result = Session.Run(
            "$d = New-Dag gate { Add-DagNode a { 1 }; Add-DagNode b -After a -Map { $DagContext.Pause('wait for approval') } }; " + line);

        var run = Session.Run("(Get-DagRun).RunId.Substring(0, 8)").Text;
        Assert.Equal(
            $"The run {run} of 'gate' is paused: wait for approval. Go on with: Restart-DagRun {run} -DatabasePath '{Session.Database}'",
            Assert.Single(result.Warnings).Message);
    }

    [Fact]
    public void A_paused_run_that_is_not_kept_is_not_told_to_go_on() => Assert.EndsWith(
        " of 'd' is paused: why? It cannot go on, because it is not kept.",
        Assert.Single(Session.Run("New-Dag d { Add-DagNode a { $DagContext.Pause('why?') } } | Invoke-Dag -NoProvenance").Warnings).Message,
        StringComparison.Ordinal);
}
