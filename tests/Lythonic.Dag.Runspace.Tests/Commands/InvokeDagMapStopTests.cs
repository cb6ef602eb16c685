using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

/// <summary>How a map of the pipeline's objects stops, in each phase, and goes on.</summary>
public sealed class InvokeDagMapStopTests : ModuleTest
{
    private const string Line =
        "& { 1..4; if ($hangs) { [IO.File]::WriteAllText(\"$Folder/in\", ''); while ($true) { [Threading.Thread]::Sleep(5) } } } | "
        + "Invoke-DagMap { [Tests.Ran]::Node($using:Folder, $_); "
        + "while ([IO.File]::Exists(\"$using:Folder/hold$_\")) { [Threading.Thread]::Sleep(5) }; $_ } "
        + "-ThrottleLimit 2 -Reuse -RunVariable run";

    [Theory]
    [InlineData("in", "", "cancelled cancelled")]
    [InlineData("running", "hold1,hold2", "cancelled cancelled")]
    [InlineData("ended", "hold4", "completed cancelled")]
    public void Ctrl_C_in_each_phase_ends_the_run_and_the_same_line_goes_on(string phase, string held, string nodes)
    {
        var files = held.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Session.Folder.File).ToList();
        files.ForEach(file => File.WriteAllText(file, ""));
        string[] Ran() => global::Tests.Ran.InOrder(Session.Folder.Path).Split(',', StringSplitOptions.RemoveEmptyEntries);
        Session.RunAndStop(
            $"$hangs = ${phase == "in"}\n" + Line,
            () => phase switch
            {
                "in" => File.Exists(Session.Folder.File("in")) && Ran().Length == 4,
                "running" => Ran().Length == 2,
                // The last object may run before the cmdlet learns that no more come.
                _ => Ran().Length == 4 && StoreReader.Query(
                    Session.Database, "SELECT status FROM node_executions WHERE node_label = 'input'") == "completed",
            });
        files.ForEach(File.Delete);

        Gives($"cancelled {nodes}", "\"$($run.Status) $($run.Nodes.Status)\"");
        var done = Session.Run("$run.Nodes['each'].Output").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        global::Tests.Ran.Clear(Session.Folder.Path);
        Gives("1 2 3 4 completed", "$hangs = $false; $all = " + Line + " | Sort-Object; \"$all $($run.Status)\"");
        Assert.Empty(Ran().Intersect(done));
    }

    [Theory]
    [InlineData(
        "Invoke-DagMap { $_ } -RunVariable run | Select-Object -First 2",
        "2 cancelled It was stopped downstream, which took no more results: ")]
    [InlineData("Invoke-DagMap { $_ } -RunVariable run | ForEach-Object { throw 'down' }", "0 cancelled Run the same line again")]
    public void An_endless_input_ends_with_what_is_downstream_and_nobody_has_to_go_on_if_it_has_enough(string line, string expected)
    {
        var text = Session.Run(
            $$"""
            try { $all = & { while ($true) { 1 } } | {{line}} } catch { }
            "$(@($all).Where({ $_ }).Count) $($run.Status) $($run.Error)$([Lythonic.Dag.Internal.DagText]::GoOn($run))"
            """).Text;

        Assert.StartsWith(expected, text, StringComparison.Ordinal);
        Assert.DoesNotContain(".Go on", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_ends_where_a_command_before_it_throws() => Gives(
        "up cancelled",
        """
        try { $null = 1..3 | ForEach-Object { if ($_ -eq 3) { throw 'up' }; $_ } | Invoke-DagMap { $_ } -RunVariable run }
        catch { $caught = $_ }
        "$caught $($run.Status)"
        """);

    [Fact]
    public void A_pause_takes_no_more_and_says_so()
    {
        var result = Session.Run(
            "1..4 | Invoke-DagMap { if ($_ -eq 2) { $DagContext.Pause('enough') }; $_ } -ThrottleLimit 1 -RunVariable run");

        Assert.Equal("1", result.Text);
        var warning = Assert.Single(result.Warnings).Message;
        Assert.Contains(
            "is paused: enough. It takes no more of the input. It had no -Reuse, so the same line runs everything again. With -Reuse",
            warning, StringComparison.Ordinal);
        Gives("paused", "$run.Status");
        var refused = FailsWith("DagRunNotRestartable", "Restart-DagRun $run.RunId", "is paused", "Invoke-DagMap", "-Reuse");
        Assert.EndsWith(
            "-Reuse: it had no -Reuse, so all elements run again.",
            refused.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        foreach (var shown in new[] { "Format-Table | Out-String -Width 160", "Format-List | Out-String", "Export-Dag -As Html" })
        {
            var text = string.Join(' ', Session.Run($"$run | {shown}").Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            Assert.Contains("run the same line again; nothing is reused", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Restart-DagRun", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_line_that_has_Reuse_is_not_told_to_have_it()
    {
        var result = Session.Run(
            "1..4 | Invoke-DagMap { if ($_ -eq 2) { $DagContext.Pause('enough.') }; $_ } -ThrottleLimit 1 -RunVariable run -Reuse");

        Assert.EndsWith(
            " paused: enough. It takes no more of the input. Run the same line again",
            Assert.Single(result.Warnings).Message, StringComparison.Ordinal);
        Gives("Run the same line again", "[Lythonic.Dag.Internal.DagText]::GoOn($run)");
    }

    [Fact]
    public void Where_all_of_the_input_had_come_the_session_that_made_the_run_restarts_it_and_no_other_does()
    {
        // The last object may run before the cmdlet learns that no more come.
        var paused = Session.Run(
            """
            1..3 | Invoke-DagMap -ThrottleLimit 3 -RunVariable run {
                if ($_ -eq 3 -and $DagContext.Attempt -eq 1) {
                    while ((Get-DagRun -First 1).Nodes['input'].Status -ne 'completed') { Start-Sleep -Milliseconds 10 }
                    $DagContext.Pause()
                }
                "$_"
            }
            """);
        Assert.Contains("Go on in this session with: Restart-DagRun ", Assert.Single(paused.Warnings).Message, StringComparison.Ordinal);
        var id = Session.Run("$run.RunId").Text;
        using (var other = new ModuleSession(Session.Database))
        {
            var error = other.Run($"Restart-DagRun {id}").AllErrors.First();
            Assert.StartsWith("DagRunNotRestartable", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        }

        Assert.Contains(": Restart-DagRun", Session.Run("$run | Format-List | Out-String").Text, StringComparison.Ordinal);
        Gives("completed 1 2 3 completed", "$r = Restart-DagRun $run.RunId; \"$($r.Status) $($r.Outputs['each']) $($run.Status)\"");
        FailsWith("DagRunNotRestartable", "Restart-DagRun $run.RunId", "is completed: each element has run");
        FailsWith("DagRunNotRestartable", "Invoke-DagReplay $run.RunId -Node each", "a replay cannot get them again", "-Reuse");
    }

    [Fact]
    public void A_map_whose_process_was_killed_is_interrupted_and_the_same_line_goes_on()
    {
        var script = Session.Folder.Write("map.ps1", """
            1..4 | Invoke-DagMap {
                [IO.File]::AppendAllText("$using:PSScriptRoot/ran$_", 'x')
                while ($_ -eq 3 -and [IO.File]::Exists("$using:PSScriptRoot/hold")) { [Threading.Thread]::Sleep(5) }
                "$_"
            } -ThrottleLimit 1 -Reuse -Name 'killed' | Join-String -Separator ' '
            """);
        var hold = Session.Folder.Write("hold", "");
        using (var first = new PwshProcess(Session.Folder.Path, Session.Database, script))
        {
            first.WaitForFile(Session.Folder.File("ran3"));
            first.Kill();
        }

        File.Delete(hold);
        Gives("interrupted", "(Get-DagRun).Status");
        Gives("1 2 3 4", $"& '{script}'");
        Gives("x x xx x", "(1..4 | ForEach-Object { Get-Content \"$Folder/ran$_\" }) -join ' '");
    }
}
