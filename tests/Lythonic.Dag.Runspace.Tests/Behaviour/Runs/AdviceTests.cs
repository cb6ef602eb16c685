using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>A command that an error, a warning, a run or a page names works as it stands: it has the run id and the database.</summary>
public sealed class AdviceTests : ModuleTest
{
    private const string Failed = """
        $d = New-Dag d {
            Add-DagNode a { 1 }
            Add-DagNode 'two words' -After a -Map { $_ }
            Add-DagNode b { throw 'no' } -After 'two words'
        }
        $r = $d | Invoke-Dag -DatabasePath $Database -ErrorAction SilentlyContinue -ErrorVariable e
        $id = $r.RunId.Substring(0, 8)
        """;

    private const string Changed = Failed + """

        $d = New-Dag d { Add-DagNode a { 2 }; Add-DagNode 'two words' -After a -Map { -$_ }; Add-DagNode b { 1 } -After 'two words' }

        """;

    private const string HalfDone = """
        $d = New-Dag d { Add-DagNode a { 1..4 }; Add-DagNode m -After a -Map { if ($_ -eq 4) { throw 'no' }; "old $_" } }
        $r = $d | Invoke-Dag -DatabasePath $Database -ThrottleLimit 1 -ErrorAction SilentlyContinue -ErrorVariable e
        $id = $r.RunId.Substring(0, 8)
        """;

    private const string Allowed = """
        $d = New-Dag d { Add-DagNode a { 1..4 }; Add-DagNode m -After a -AllowFailure 1 -Map { if ($_ -eq 4) { throw 'no' }; $_ } }
        $r = $d | Invoke-Dag -DatabasePath $Database 3>$null
        $id = $r.RunId.Substring(0, 8)
        """;

    private const string WroteError = """
        $d = New-Dag d { Add-DagNode 'the files' { Write-Error 'no folder'; 1 }; Add-DagNode b { 2 } }
        $r = $d | Invoke-Dag -DatabasePath $Database -ErrorAction SilentlyContinue
        $id = $r.RunId.Substring(0, 8)
        """;

    [Theory]
    [InlineData(
        "Mend the cause, then go on at 'm': Restart-DagRun <id> -DatabasePath '<db>' # with -Force if the code of 'm' changed", HalfDone)]
    [InlineData("Mend the cause, then go on at 'b': Restart-DagRun <id> -DatabasePath '<db>'", Failed)]
    [InlineData(
        "Keep their stored outputs with Restart-DagRun <id> -Force -DatabasePath '<db>', "
            + "or run them again with Invoke-DagReplay <id> -Node a, 'two words' -IncludeDownstream -DatabasePath '<db>'",
        Changed + "try { $r | Restart-DagRun } catch { $e = $_ }")]
    [InlineData(
        "Keep their stored outputs with Restart-DagRun <id> -Force -DatabasePath '<db>', "
            + "or begin anew: without -Resume, or after Remove-DagRun <id> -DatabasePath '<db>'.",
        Changed + "try { $d | Invoke-Dag -Resume -DatabasePath $Database } catch { $e = $_ }")]
    [InlineData(
        "Use Invoke-DagReplay <id> -Node … -DatabasePath '<db>', for a map with -FailedOnly, which takes only the elements that failed; "
            + "or Invoke-Dag.",
        Failed + "\n$null = $r | Restart-DagRun -Override @{ b = { 1 } }; try { $r | Restart-DagRun } catch { $e = $_ }")]
    [InlineData(
        "Use Invoke-DagReplay <id> -FailedOnly -IncludeDownstream -DatabasePath '<db>'; or Invoke-Dag.",
        Allowed + "\ntry { $r | Restart-DagRun } catch { $e = $_ }")]
    [InlineData(
        "Use Invoke-DagReplay <id> -Node 'the files' -IncludeDownstream -DatabasePath '<db>'; or Invoke-Dag.",
        WroteError + "\ntry { $r | Restart-DagRun } catch { $e = $_ }")]
    public void An_error_names_the_run_and_its_database(string expected, string script) =>
        Assert.Equal(
            expected.Replace("<db>", Session.Database, StringComparison.Ordinal),
            Session.Run($"{script}\n@($e)[0].ErrorDetails.RecommendedAction.Replace($id, '<id>')").Sound().Text);

    [Theory]
    [InlineData(true, "Add-DagNode c -After s -Call $in", "if ($_ -eq 3) { throw 'no' }")]
    [InlineData(true, "Add-DagNode t -After s { 7 } -OutputType int[]; Add-DagNode c -After t -Map $in", "if ($_ -eq 3) { throw 'no' }")]
    [InlineData(true, "Add-DagNode c -After s -Switch @{ x = $in } -By { 'x' }", "if ($_ -eq 3) { throw 'no' }")]
    [InlineData(true, "Add-DagNode c -After s -Call (New-Dag out { Add-DagNode i { 0 }; Add-DagNode o -After i -Call $in })",
        "if ($_ -eq 3) { throw 'no' }")]
    [InlineData(false, "Add-DagNode c -After s -Call (New-Dag i { Add-DagNode x { throw 'a/b[1]: no' } })", "$_")]
    [InlineData(false, "Add-DagNode c -After s -Switch @{ x = { throw 'no' } } -By { 'x' }", "$_")]
    public void So_does_a_node_around_a_map_that_failed(bool hasNote, string node, string code) => Gives(
        $"{hasNote} {hasNote} {hasNote}",
        $"$in = New-Dag in {{ Add-DagNode a {{ 1..3 }}; Add-DagNode m -After a -Map {{ {code} }} }}\n"
            + $"$r = New-Dag d {{ Add-DagNode s {{ 0 }}; {node} }} | Invoke-Dag -ThrottleLimit 1 -ErrorVariable e 2>$null\n"
            + "$note = \"*# with -Force if the code of 'c' changed*\"\n"
            + "$page = $r | Export-Dag -As Html\n"
            + "\"$($r.Next -like $note) $($e[0].ErrorDetails.RecommendedAction -like $note) $($page -like '*with -Force if the code*')\"");

    [Theory]
    [InlineData("-Node 'the files'", "Add-DagNode 'the files' { Write-Error 'no folder'; 1 }; Add-DagNode b { 2 }")]
    [InlineData("-Node c, m", "Add-DagNode a { 1 }; Add-DagNode c -After a -Call $in; Add-DagNode m -After c -Map { Write-Error 'no'; 1 }")]
    [InlineData("-FailedOnly", "Add-DagNode a { Write-Error 'no'; 1, 2 }; Add-DagNode m -After a -AllowFailure 1 -Map { 1 / ($_ - 1) }")]
    public void What_had_errors_in_a_run_that_completed_runs_again_as_advised(string which, string nodes) => Gives(
        $"completed Invoke-DagReplay <id> {which} -IncludeDownstream -DatabasePath '<db>' True True completed",
        $"$in = New-Dag in {{ Add-DagNode x {{ Write-Error 'no'; $_ }} }}\n"
            + $"$r = New-Dag d {{ {nodes} }} | Invoke-Dag -DatabasePath $Database 2>$null 3>$null\n"
            + """
            $next = $r.Next
            $shown = $next.Replace($r.RunId.Substring(0, 8), '<id>').Replace($Database, '<db>')
            $what = $next -like '*FailedOnly*' ? 'failed elements' : 'nodes with errors'
            $page = [System.Net.WebUtility]::HtmlDecode(($r | Export-Dag -As Html)) -replace '[\u200b\u2060]|<wbr>'
            $again = Invoke-Expression $next 2>$null 3>$null
            $list = ($r | Format-List | Out-String) -replace '\s'
            $isOnPage = $page.Contains("Run the $what again with: $next")
            "$($r.Status) $shown $isOnPage $($list.Contains($next -replace ' ')) $($again.Status)"
            """);

    [Fact]
    public void A_map_that_failed_goes_on_as_advised_whether_its_code_changed_or_not() => Gives(
        "failed True True DagDefinitionChanged True old 1,old 2,old 3,new 4",
        HalfDone + """

            $way = $r.Next
            $hasNote = $way.EndsWith(" # with -Force if the code of 'm' changed")
            $isOnPage = ($r | Export-Dag -As Html).Contains("# with -Force if the code of")
            $same = & { $ErrorActionPreference = 'Ignore'; Invoke-Expression $way }
            $d = New-Dag d { Add-DagNode a { 1..4 }; Add-DagNode m -After a -Map { "new $_" } }
            try { Invoke-Expression $way } catch { $problem = $_ }
            $isSaid = "$problem".Contains("in code, parameters or edges: 3 elements of 'm'.")
            $mended = Invoke-Expression ($way -replace ' # with (-Force).*', ' $1')
            "$($same.Status) $hasNote $isOnPage $($problem.FullyQualifiedErrorId.Split(',')[0]) $isSaid $($mended.Outputs['m'] -join ',')"
            """);

    [Theory]
    [InlineData("1", " # with -Force if the code of 'm' changed")]
    [InlineData("0", "")]
    public void A_map_that_was_stopped_after_elements_failed_goes_on_as_advised_with_mended_code(string failing, string note) => Gives(
        $"paused|{note}|True|completed {(note.Length == 0 ? "old" : "new")} 1,old 2,new 3",
        $$"""
        $d = New-Dag d { Add-DagNode a { 1..3 }; Add-DagNode m -After a -ThrottleLimit 1 -AllowFailure 2 -Map {
            if ($_ -eq {{failing}}) { throw 'no' }; if ($_ -eq 3) { $DagContext.Pause('later') }; "old $_" } }
        $r = $d | Invoke-Dag -DatabasePath $Database -WarningAction Ignore
        $way, $comment = $r.Next -split '(?= # )'
        $isShort = ($r | Out-String -Width 80) -notmatch '#'
        $d = New-Dag d { Add-DagNode a { 1..3 }; Add-DagNode m -After a -Map { "new $_" } }
        $mended = Invoke-Expression "$way -Force"
        "$($r.Status)|$comment|$isShort|$($mended.Status) $($mended.Outputs['m'] -join ',')"
        """);

    [Fact]
    public void A_warning_names_the_run_and_its_database()
    {
        var warnings = Session.Run(Failed + "; $null = $r | Restart-DagRun -SourceInput @{ a = @{ x = 1 } } -ErrorAction Ignore; $id");

        Assert.EndsWith(
            $"use Invoke-DagReplay {warnings.Text} -Node a -IncludeDownstream -DatabasePath '{Session.Database}'",
            Assert.Single(warnings.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_names_the_run_and_its_database() => Gives(
        "True True",
        Failed + """

            $way = "Restart-DagRun $id -DatabasePath '$Database'"
            $other = $d | Invoke-Dag -DatabasePath $Database -ErrorAction Ignore
            "$(($r | Export-Dag -As Html).Contains($way)) $(($other, $r | Export-Dag -As Html).Contains($way))"
            """);
}
