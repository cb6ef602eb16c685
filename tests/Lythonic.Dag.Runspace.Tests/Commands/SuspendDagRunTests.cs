using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

public sealed class SuspendDagRunTests : ModuleTest
{
    private const string Suspended =
        """
        $d = New-Dag d { Add-DagNode a { Suspend-DagRun $DagContext.RunId -DatabasePath $using:Database; 1 };
            Add-DagNode b { param($x) $x + 1 } -After a } -Module $Manifest
        $r = Invoke-Dag $d

        """;

    public SuspendDagRunTests() => Session.Set("Manifest", Repository.Manifest);

    [Fact]
    public void The_run_is_paused() => Gives(
        "paused",
        Suspended + """
        $r.Status
        """);

    [Fact]
    public void The_run_says_that_it_was_asked_to_and_a_restart_forgets_it() => Gives(
        "Paused on request. Paused on request. completed ''",
        Suspended + """
        "$($r.Error) $((Get-DagRun).Error) $($s = Restart-DagRun $r; $s.Status) '$($s.Error)'"
        """);

    [Fact]
    public void The_warning_does_not_say_twice_that_it_is_paused() => Assert.Contains(
        " of 'd' is paused on request. Go on with: Restart-DagRun ",
        Assert.Single(Session.Run(Suspended).Warnings).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("'a gate'", "a gate")]
    [InlineData("", "Paused on request.")]
    public void The_reason_of_a_node_that_pauses_as_well_goes_before_that(string reason, string said) => Gives(
        said,
            $"(New-Dag d {{ Add-DagNode a {{ Suspend-DagRun $DagContext.RunId -DatabasePath $using:Database; "
            + $"$DagContext.Pause({reason}) }} }} -Module $Manifest | Invoke-Dag).Error");

    [Fact]
    public void A_node_in_flight_finishes() => Gives(
        "completed",
        Suspended + """
        ($r.Nodes | Where-Object Label -eq a).Status
        """);

    [Fact]
    public void No_node_starts_after_it() => Gives(
        "0",
        Suspended + """
        @($r.Nodes | Where-Object Label -eq b | Where-Object Status -eq completed).Count
        """);

    [Theory]
    [InlineData("Suspend-DagRun")]
    [InlineData("Suspend-DagRun -DatabasePath $Database")]
    public void Without_an_id_it_is_the_only_run_that_is_running(string suspend) => Gives(
        "paused completed",
        $$"""
        $done = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag
        $r = New-Dag d { Add-DagNode a -Inline { {{suspend}} }; Add-DagNode b { 2 } -After a } | Invoke-Dag
        "$($r.Status) $((Get-DagRun $done).Status)"
        """);

    [Fact]
    public void Without_an_id_several_runs_that_are_running_are_listed_and_none_is_paused() => Gives(
        "completed completed DagRunNotFound True",
        """
        $inner = New-Dag inner { Add-DagNode a -Inline { Suspend-DagRun -ErrorAction SilentlyContinue -ErrorVariable script:problem };
            Add-DagNode b { 2 } -After a }
        $outer = New-Dag outer { Add-DagNode a -Inline { $script:r = $inner | Invoke-Dag; 1 }; Add-DagNode b { 2 } -After a } | Invoke-Dag
        $listed = "$problem".Contains("$($outer.RunId.Substring(0, 8)) of 'outer'") -and
            "$problem".Contains("$($r.RunId.Substring(0, 8)) of 'inner'")
        "$($r.Status) $($outer.Status) $($problem[0].FullyQualifiedErrorId.Split(',')[0]) $listed"
        """);

    [Fact]
    public void Without_an_id_and_a_run_that_is_running_it_is_an_error() => FailsWith(
        "DagRunNotFound", "$null = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag; Suspend-DagRun", "No run is running");

    [Theory]
    [InlineData("Get-DagRun -Status failed | Suspend-DagRun")]
    [InlineData("$null | Suspend-DagRun -ErrorAction Ignore")]
    [InlineData("[pscustomobject]@{ DatabasePath = $null } | Suspend-DagRun -ErrorAction Ignore")]
    [InlineData("try { Suspend-DagRun $notSet } catch { }")]
    public void What_names_no_run_does_not_stand_for_the_only_one_that_is_running(string suspend) => Gives(
        "completed",
        $"(New-Dag d {{ Add-DagNode a -Inline {{ {suspend} }}; Add-DagNode b {{ 2 }} -After a }} | Invoke-Dag).Status");

    [Fact]
    public void Nothing_is_written() => Gives(
        "0",
        """
        $d = New-Dag d { Add-DagNode a { @(Suspend-DagRun $DagContext.RunId -DatabasePath $using:Database).Count };
            Add-DagNode b { param($x) $x + 1 } -After a } -Module $Manifest
        $r = Invoke-Dag $d
        $r.Nodes[0].Output
        """);

    [Fact]
    public void A_restart_goes_on() => Gives(
        "2",
        Suspended + """
        (Restart-DagRun $r.RunId -Dag $d).Outputs['b']
        """);

    [Fact]
    public void A_run_that_is_not_there_is_an_error() => FailsWith(
        "DagRunNotFound",
        "$null = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag; Suspend-DagRun zebra", "zebra");

    [Fact]
    public void No_other_source_starts_after_it() => Gives(
        "paused a completed,b pending",
        "$r = New-Dag d { Add-DagNode a { Suspend-DagRun $DagContext.RunId -DatabasePath $using:Database; 1 }; "
        + "Add-DagNode b { 2 } } | Invoke-Dag -ThrottleLimit 1; \"$($r.Status) $(@($r.Nodes) -join ',')\"");

    [Fact]
    public void No_further_element_starts_after_it() => Gives(
        "paused 1",
        "$r = New-Dag d { Add-DagNode a { 1, 2, 3 }; Add-DagNode m -Map { [Tests.Ran]::Node($using:Folder, \"$_\"); "
        + "if ($_ -eq 1) { Suspend-DagRun (Get-DagRun -DatabasePath $using:Database -Status running).RunId -DatabasePath $using:Database } "
        + "} -After a } | Invoke-Dag -ThrottleLimit 1; \"$($r.Status) $([Tests.Ran]::Sorted($Folder))\"");

    [Theory]
    [InlineData("", "The run ID of 'd' is asked to pause.")]
    [InlineData("$DagContext.RunId", "")]
    public void Without_an_id_it_says_which_run_it_took_and_with_one_nothing(string id, string said) => Gives(
        $"paused '{said}'",
        "$r = New-Dag d { Add-DagNode a { \"$(Suspend-DagRun " + id + " -DatabasePath $using:Database 6>&1)\" }; Add-DagNode b { 2 } } | "
        + "Invoke-Dag -ThrottleLimit 1; \"$($r.Status) '$($r.Nodes['a'].Output -replace '[0-9a-f]{8}', 'ID')'\"");

    [Fact]
    public void A_run_that_has_ended_cannot_be_paused() => FailsWith(
        "DagRunNotRestartable", "$r = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag; $r | Suspend-DagRun", "completed");

    [Fact]
    public async Task A_run_of_another_session_is_paused()
    {
        using var other = new ModuleSession(Session.Database);
        var run = Task.Run(() => other.Run(
            "$d = New-Dag d { Add-DagNode a { [IO.File]::WriteAllText(\"$using:Folder/started\", ''); "
            + "while (-not [IO.File]::Exists(\"$using:Folder/go\")) { [Threading.Thread]::Sleep(5) }; 1 }; Add-DagNode b { 2 } -After a }; "
            + "$r = Invoke-Dag $d; \"$($r.Status) $(@($r.Nodes) -join ',')\""));
        Assert.True(SpinWait.SpinUntil(() => File.Exists(other.Folder.File("started")), Limits.Hang));

        Session.Run("Get-DagRun -Status running | Suspend-DagRun").Sound();
        other.Folder.Write("go", "");

        Assert.Equal("paused a completed,b pending", (await run).Sound().Text);
    }
}
