using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>A run or node that completed with errors says so wherever it is shown.</summary>
public sealed class SeenErrorTests : ModuleTest
{
    private const string One =
        "$run = New-Dag one { Add-DagNode bad { Write-Error 'first thing'; 1 }; Add-DagNode good { 2 } } | "
        + "Invoke-Dag -ErrorAction SilentlyContinue";

    private const string Allowed = """
        $half = New-Dag half { Add-DagNode odd { param([int]$n) if ($n % 2) { throw "odd $n" }; $n } }
        $run = New-Dag some { Add-DagNode list { 1..8 }; Add-DagNode each -After list -Map $half -AllowFailure '50%';
            Add-DagNode end -After each { 1 } } | Invoke-Dag -WarningAction Ignore
        """;

    [Theory]
    [InlineData("")]
    [InlineData("-NoProvenance")]
    public void A_node_run_and_its_run_count_the_errors_that_were_written(string how) => Gives(
        "completed 1 1 0 first thing",
        One +
            $" {how}; \"$($run.Status) $($run.ErrorCount) $($run.Nodes['bad'].ErrorCount) $($run.Nodes['good'].ErrorCount) "
            + $"$($run.Nodes['bad'].Error)\"");

    [Theory]
    [InlineData("1..3 | ForEach-Object { Write-Error \"e$_\" }", 3)]
    [InlineData("Get-Item /nowhere/at/all; 1", 1)]
    [InlineData("$PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([Exception]::new('own'), 'id', 0, $null))", 1)]
    [InlineData("Write-Error quiet -ErrorAction SilentlyContinue; 1", 0)]
    [InlineData("try { throw 'caught' } catch { 1 }", 0)]
    [InlineData("Write-Error redirected 2>$null; 1", 0)]
    [InlineData("Write-Warning w; Write-Host h; 1", 0)]
    public void What_counts_is_what_reaches_the_error_stream(string code, int count)
    {
        foreach (var inline in new[] { "", "-Inline" })
            Gives($"{count}",
                $"(New-Dag d {{ Add-DagNode a {inline} {{ [CmdletBinding()] param() {code} }} }} | "
                + $"Invoke-Dag -ErrorAction SilentlyContinue).ErrorCount");
    }

    [UnixFact("a shell that writes to its error stream")]
    public void What_a_native_command_writes_beside_its_output_is_no_error() =>
        Gives("0", "(New-Dag d { Add-DagNode a { sh -c 'echo progress >&2' } } | Invoke-Dag 2>$null).ErrorCount");

    [Theory]
    [InlineData("Add-DagNode a { throw 'no' }", "", "1 1")]
    [InlineData("Add-DagNode a { throw 'no' }", "-NoProvenance", "1 1")]
    [InlineData("Add-DagNode a { [CmdletBinding()] param() 1, 2 | Write-Error; throw 'no' }", "", "2 2")]
    [InlineData("Add-DagNode list { 1..3 }; Add-DagNode a -After list -Map { if ($_ -gt 1) { throw 'no' } }", "-ContinueOnFailure", "2 2")]
    [InlineData("Add-DagNode list { 1..3 }; Add-DagNode a -After list -Call (New-Dag e { Add-DagNode x { throw 'no' } })", "", "1 1")]
    [InlineData("Add-DagNode a { throw 'no' }; Add-DagNode b { throw 'no' }", "-ContinueOnFailure", "2 1")]
    [InlineData("Add-DagNode a { throw 'no' }; Add-DagNode b { throw 'no' }", "-ContinueOnFailure -NoProvenance", "2 1")]
    public void What_failed_has_an_error(string nodes, string how, string counts) => Gives(
        counts,
        $"$run = New-Dag d {{ {nodes} }} | Invoke-Dag {how} -ErrorAction SilentlyContinue; "
        + "\"$($run.ErrorCount) $($run.Nodes['a'].ErrorCount)\"");

    [Fact]
    public void The_database_has_an_error_of_what_failed() => Reads(
        "1 1 0",
        "SELECT (SELECT error_count FROM dag_runs) || ' ' || group_concat(error_count, ' ' ORDER BY node_label) FROM node_executions",
        "$null = New-Dag d { Add-DagNode b { 1 }; Add-DagNode a -After b { throw 'no' } } | Invoke-Dag -ErrorAction SilentlyContinue");

    [Fact]
    public void The_database_has_the_counts() =>
        Reads("1 1",
            "SELECT (SELECT error_count FROM dag_runs) || ' ' || (SELECT error_count FROM node_executions WHERE node_label = 'bad')", One);

    [Fact]
    public void A_table_shows_the_errors_and_the_first_one()
    {
        Assert.Matches(@"one\s+completed, 1 error .*bad: first thing", Shown(One, "$run"));
        Assert.Matches(@"bad\s+ScriptBlock completed, 1 error .*first thing", Shown(One, "$run.Nodes"));
    }

    [Fact]
    public void A_list_view_shows_them_too()
    {
        Assert.Matches(@"Status\s+: completed, 1 error[\s\S]*ErrorCount\s+: 1", Shown(One, "$run | Format-List"));
        Assert.Matches(@"Status\s+: completed, 1 error[\s\S]*ErrorCount\s+: 1", Shown(One, "$run.Nodes['bad'] | Format-List"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("; $run = $run | Invoke-DagReplay -Node end -WarningAction Ignore")]
    public void Failures_that_were_allowed_are_shown_with_their_number_and_the_first(string then)
    {
        // The status is folded at words, so that it fits into its column of a table of 80.
        Assert.Matches(@"some\s+completed, 4 of 8 .*odd [1357].*\n\s+failed\b", Shown(Allowed + then, "$run"));
        Assert.Matches(@"each\s+Map\s+\w+, 4 of 8 .*odd [1357].*\n\s+failed\b", Shown(Allowed + then, "$run.Nodes"));
        Gives("4", "$run.ErrorCount");
    }

    [Fact]
    public void A_restart_keeps_what_was_counted() => Gives(
        "failed completed 1",
        """
        $dag = New-Dag d { Add-DagNode a { Write-Error 'e'; 1 };
            Add-DagNode b -After a { if ($DagContext.Attempt -eq 1) { throw 'no' }; 2 } }
        $run = $dag | Invoke-Dag -ErrorAction SilentlyContinue; $again = $run | Restart-DagRun;
            "$($run.Status) $($again.Status) $($again.ErrorCount)"
        """);

    [Fact]
    public void A_page_shows_it_in_the_header_the_box_and_the_node()
    {
        var page = Shown(Allowed, "$run | Export-Dag -As Html");

        Assert.Contains("<dt>Status</dt><dd><b class=\"dot warned\"></b>completed, 4 of 8 failed</dd>", page, StringComparison.Ordinal);
        Assert.Contains("class=\"caption\">completed, 4 of 8 failed</text>", page, StringComparison.Ordinal);
        Assert.Contains("<g class=\"node warned\"", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"muted\">map, completed, 4 of 8 failed, ", page, StringComparison.Ordinal);
        Assert.Contains("<div class=\"banner warned\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mermaid", "\\[\\[\"each<br/>completed, 4 of 8 failed, [^\"]+\"\\]\\]:::warned")]
    [InlineData("Mermaid", "classDef warned fill:#fff3c4")]
    [InlineData("Dot", "label=\"each\\\\ncompleted, 4 of 8 failed, [^\"]+\", fillcolor=\"#fff3c4\".*class=\"warned\"")]
    public void A_drawing_shows_it_in_the_colour_of_a_warning(string form, string expected) =>
        Assert.Matches(expected, Shown(Allowed, $"$run | Export-Dag -As {form}"));

    [Fact]
    public void A_run_without_errors_looks_as_it_did() => Gives(
        "0 completed True",
        "$run = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag; "
            + "\"$($run.ErrorCount) $([Lythonic.Dag.Internal.DagText]::Status($run, $false, "
        + "$null)) $($null -eq $run.Error)\"");

    [Fact]
    public void The_exception_comes_first_in_the_text_of_an_error_and_then_what_the_details_say_besides() => Gives(
        "Status 503\n{\"busy\":true}|Status 503\n{\"busy\":true}",
        """
        $code = { $e = [Management.Automation.ErrorRecord]::new([Exception]::new('Status 503'), 'x', 'InvalidOperation', $null);
            $e.ErrorDetails = '{"busy":true}'; throw $e }
        $run = New-Dag d { Add-DagNode a $code } | Invoke-Dag -ErrorAction SilentlyContinue -ErrorVariable all
        $said = New-Dag d {
            Add-DagNode a { [CmdletBinding()] param() $e = [Management.Automation.ErrorRecord]::new(
            [Exception]::new('Status 503'), 'x', 'InvalidOperation', $null); $e.ErrorDetails = '{"busy":true}';
            $PSCmdlet.WriteError($e) } } | Invoke-Dag 2>$null
        $run.Error + '|' + $said.Nodes['a'].Messages[0].Text
        """);

    [Theory]
    [InlineData("same", "same", "same")]
    [InlineData("a part", "a part of more", "a part of more")]
    [InlineData("more than a part", "a part", "more than a part")]
    [InlineData("alone", "", "alone")]
    public void Details_that_say_nothing_else_are_not_said_twice(string message, string details, string expected) => Gives(
        expected,
        $$"""
        $code = { $e = [Management.Automation.ErrorRecord]::new([Exception]::new('{{message}}'), 'x', 'InvalidOperation', $null);
            if ('{{details}}') { $e.ErrorDetails = '{{details}}' }; throw $e }
        (New-Dag d { Add-DagNode a $code } | Invoke-Dag -ErrorAction SilentlyContinue).Error
        """);

    private string Shown(string script, string what) =>
        Session.Run($"{script}\n$null = $run\n({what} | Out-String -Width 200) -replace '\\e\\[[0-9;]*m'").Text;
}
