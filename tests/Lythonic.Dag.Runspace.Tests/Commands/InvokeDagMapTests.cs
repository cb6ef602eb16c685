using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

/// <summary>What comes out of the pipeline, and what the run has of it.</summary>
public sealed class InvokeDagMapTests : ModuleTest
{
    private const string Until =
        "function Until([string]$File) { while (-not [IO.File]::Exists($File)) { [Threading.Thread]::Sleep(5) } } ";

    [Fact]
    public void A_result_is_written_when_an_object_is_handed_over_and_not_when_the_input_has_ended() => Gives(
        "got 1 input over got 2",
        """
        $log = [Collections.Generic.List[string]]::new()
        & { 1; 2; $log.Add('input over'); [IO.File]::WriteAllText("$Folder/over", '') } | Invoke-DagMap {
            while ($_ -eq 2 -and -not [IO.File]::Exists("$using:Folder/over")) { [Threading.Thread]::Sleep(5) }
            $_
        } -ThrottleLimit 1 | ForEach-Object { $log.Add("got $_") }
        "$log"
        """);

    [Fact]
    public void An_object_runs_while_the_input_is_still_to_come() => Gives(
        "1 2",
        Until + """
        $write = { [IO.File]::WriteAllText("$using:Folder/$_", ''); $_ }
        (& { 1; Until "$Folder/1"; 2 } | Invoke-DagMap $write -ThrottleLimit 1) -join ' '
        """);

    [Fact]
    public void With_no_slot_free_no_more_is_taken() => Gives(
        "True",
        """
        $taken = 0; $first = 0
        & { while ($true) { ($script:taken++) } } | Invoke-DagMap {
            [IO.File]::WriteAllText("$using:Folder/$_", '')
            while (@([IO.Directory]::GetFiles($using:Folder, '?')).Count -lt 3) { [Threading.Thread]::Sleep(5) }
            $_
        } -ThrottleLimit 3 | Select-Object -First 1 | ForEach-Object { $first = $script:taken }
        # Three are in flight before the first of them can end, and one is in the cmdlet's hands.
        $first -in 3, 4
        """);

    [Fact]
    public void With_Ordered_a_result_waits_for_those_before_it() => Gives(
        "1 2 3 4",
        Until + """
        (1..4 | Invoke-DagMap {
            if ($_ -eq 1) { Until "$using:Folder/4" }
            [IO.File]::WriteAllText("$using:Folder/$_", '')
            $_
        } -Ordered -ThrottleLimit 2) -join ' '
        """);

    [Theory]
    [InlineData("2 4", "1, 2 | Invoke-DagMap { $_ * 2 } -Ordered")]
    [InlineData("2 4", "1, 2 | Invoke-DagMap { param([int]$n, $by = 2) $n * $by } -Ordered")]
    [InlineData("a1 a2", "@{ n = 1 }, @{ n = 2 } | Invoke-DagMap { param($row, $prefix = 'a') \"$prefix$($row.n)\" } -Ordered")]
    [InlineData("1 1 2 2", "1, 2 | Invoke-DagMap { $_; $_ } -Ordered")]
    [InlineData("", "1, 2 | Invoke-DagMap { }")]
    [InlineData("[] [1] []", "$null, 1, $null | Invoke-DagMap { \"[$_]\" } -Ordered")]
    [InlineData("2 3", "(1, 2), (3, 4, 5) | Invoke-DagMap { $_.Count } -Ordered")]
    [InlineData("List`1", "1 | Invoke-DagMap { , [Collections.Generic.List[int]](1, 2) } | ForEach-Object { $_.GetType().Name }")]
    [InlineData("a b", "1 | Invoke-DagMap { [OutputType([string[]])] param($x) 'a', 'b' }")]
    [InlineData("[*]? $x", "'[*]? $x' | Invoke-DagMap { $_ }")]
    [InlineData("5", "$n = 5; 1 | Invoke-DagMap { $using:n }")]
    [InlineData("hello 1", "function Hello($x) { \"hello $x\" }; 1 | Invoke-DagMap { Hello $_ }")]
    [InlineData("20 30", "(1, 2 | Invoke-DagMap { $_ + 1 } | Invoke-DagMap { $_ * 10 } | Sort-Object)")]
    [InlineData("2+3 3+4", "1, 2 | Invoke-DagMap { $x = $_; (1, 2 | Invoke-DagMap { $_ + $using:x } -Ordered) -join '+' } -Ordered")]
    [InlineData("3", "New-Dag d { Add-DagNode a { (1, 2 | Invoke-DagMap { $_ } -NoProvenance | Measure-Object -Sum).Sum } } | "
        + "Invoke-Dag | ForEach-Object { $_.Outputs['a'] }")]
    public void The_block_gets_each_object_and_what_it_emits_is_written(string expected, string script) =>
        Gives(expected, $"@({script}) -join ' '");

    [Fact]
    public void A_live_object_is_the_same_object_in_the_block() => Gives(
        "True",
        "$list = [Collections.ArrayList]@(1); , $list | Invoke-DagMap { [void]$_.Add(2) }; $list.Count -eq 2");

    [Fact]
    public void A_failed_object_is_one_error_that_has_it_and_the_others_go_on() => Gives(
        "1 3|DagElementFailed,Lythonic.Dag.Commands.InvokeDagMapCommand|2|each[1]: two (value 2)|True|completed 1",
        """
        $written = 1..3 | Invoke-DagMap {
            if ($_ -eq 2) { throw 'two' }
            $_
        } -Ordered -RunVariable run -ErrorVariable failed -ErrorAction SilentlyContinue
        $own = $failed[0].Exception.ErrorRecord.InvocationInfo.Line
        "$written", $failed[0].FullyQualifiedErrorId, $failed[0].TargetObject, "$($failed[0])", ($own -like '*throw*'),
            "$($run.Status) $($run.ErrorCount)" -join '|'
        """);

    [Fact]
    public void What_helps_is_said_once_with_the_first_error() => Gives(
        "2 True True",
        """
        $null = 1..3 | Invoke-DagMap { if ($_ -gt 1) { throw "no $_" } } -ThrottleLimit 1 -RunVariable run -ErrorVariable failed 2>$null
        $said = $failed.ErrorDetails.ForEach('RecommendedAction')
        "$($failed.Count) $($said[0] -like 'Mend the cause*-Reuse*') $([string]::IsNullOrEmpty($said[1]))"
        """);

    [Theory]
    [InlineData("{ $_ }", "{ $_ }")]
    [InlineData("{ $x = $_ … }", "{\n    # A comment.\n    $x = $_\n    $x + 1 }")]
    [InlineData("{ if ($_) { … } }", "{ param($x) if ($_) {\n 'yes'\n } }")]
    [InlineData("{ … }", "{ process { 'process' } }")]
    [InlineData("{ … }", "{ \"$_ hunter2\" }")]
    [InlineData("{ $_ * 2 + $_.Length }", "{ $_ * 2 + $_.Length }")]
    [InlineData("{ $pw = … }", "{ $pw = 'hunter2'; $_ }")]
    [InlineData("{ $pin = … }", "{ $pin = 123456 }")]
    [InlineData("{ Get-Thing … }", "{ Get-Thing -ApiKey hunter2 }")]
    [InlineData("{ curl … }", "{ curl user:hunter2 -H $x --key hunter2 }")]
    [InlineData("{ mysql … }", "{ mysql -phunter2 -u $_ }")]
    [InlineData("{ … … }", "{ http://user:hunter2@host/ x }")]
    [InlineData("{ & … | Out-Null }", "{ & 'C:\\hunter2.exe' | Out-Null }")]
    [InlineData("{ $x = $_ … }", "{ $x = $_ # hunter2\n + 1 }")]
    [InlineData("{ Invoke-RestMethod … | ForEach-Object … }",
        "{ Invoke-RestMethod https://h -Headers @{ Authorization = 'x' } | ForEach-Object { 'hunter2' } }")]
    [InlineData("{ $_.A + $_.A + $_.A + $_.A + $_.A + $_.A + $_.A + $_.A + $_.A … }",
        "{ $_.A + $_.A + $_.A + $_.A + $_.A + $_.A + $_.A + $_.A + $_.A + $_.A }")]
    [InlineData("", "{ }")]
    public void A_run_is_described_by_the_first_statement_of_its_block(string description, string block) => Gives(
        $"{description}|{description}|{description}",
        $"$null = 1 | Invoke-DagMap {block} -RunVariable run 2>$null; "
            + $"$null = 1 | Invoke-DagMap {block} -RunVariable unkept -NoProvenance 2>$null; "
            + "\"$($run.Description)|$((Get-DagRun $run.RunId).Description)|$($unkept.Description)\"");

    [Theory]
    [InlineData("True", "")]
    [InlineData("False", "-Name lines")]
    public void The_table_shows_it_if_nobody_has_named_the_run(string shown, string name) => Gives(
        shown, $$"""$null = 1 | Invoke-DagMap { $_ + $_ } {{name}}; (Get-DagRun | Out-String) -like '*note: { $_ + $_ }*' """);

    [Theory]
    [InlineData("Run the same line again; nothing is reused",
        "$null = 1, 2 | Invoke-DagMap { if ($_ -eq 2) { throw 'no' } } 2>$null")]
    [InlineData("Run the same line again", "$null = 1, 2 | Invoke-DagMap { if ($_ -eq 2) { throw 'no' } } -Reuse 2>$null")]
    [InlineData("Run the same line again", "$null = 1, 2 | Invoke-DagMap { Write-Error 'no' } -Reuse 2>$null")]
    [InlineData("", "$null = 1, 2 | Invoke-DagMap { $_ }")]
    [InlineData("Invoke-DagReplay ID -FailedOnly -IncludeDownstream",
        "$null = New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -After a -AllowFailure 1 -Map { if ($_ -eq 2) { throw 'no' } } } | "
        + "Invoke-Dag 3>$null")]
    [InlineData("Invoke-DagReplay ID -Node c -IncludeDownstream",
        "$in = New-Dag in { Add-DagNode a { 1, 2 }; Add-DagNode m -After a -AllowFailure 1 -Map { if ($_ -eq 2) { throw 'no' } } }; "
        + "$null = New-Dag d { Add-DagNode a { 0 }; Add-DagNode c -After a -Call $in } | Invoke-Dag 3>$null")]
    public void Next_of_a_completed_run_says_how_to_run_the_elements_again_that_failed(string next, string script) => Gives(
        next,
        script + "; $r = Get-DagRun; "
            + "\"$($r.Next)\".Replace($r.RunId.Substring(0, 8), 'ID').Replace(\" -DatabasePath '$Database'\", '')");

    [Fact]
    public void In_another_session_nobody_knows_whether_the_line_had_Reuse()
    {
        Session.Run("$null = 1, 2 | Invoke-DagMap { if ($_ -eq 2) { throw 'no' } } -Reuse 2>$null");

        GivesInNewSession("Run the same line again, if it has -Reuse", "(Get-DagRun).Next");
    }

    [Theory]
    [InlineData("each[0]: no (value 1); 3 attempts were made", "-RetryCount 2")]
    [InlineData("each[0]: no (value 1)", "")]
    [InlineData("each[0]: no (value 1); 3 attempts were made", "-RetryCount 2 -NoProvenance")]
    public void The_error_of_a_failed_object_says_how_many_attempts_were_made(string message, string parameters) => Gives(
        message, $"$null = 1 | Invoke-DagMap {{ throw 'no' }} {parameters} -ErrorVariable e 2>$null; \"$($e[0].ErrorDetails.Message)\"");

    [Theory]
    [InlineData("-ErrorAction Stop", "")]
    [InlineData("", "$ErrorActionPreference = 'Stop'; ")]
    public void Under_Stop_the_first_failure_ends_the_run(string parameter, string before) => Gives(
        "1 DagElementFailed 2 failed cancelled failed",
        $$"""
        {{before}}$written = [Collections.Generic.List[object]]::new()
        try {
            & { 1; 2; while ($true) { 0 } } |
                Invoke-DagMap { if ($_ -eq 2) { throw 'two' }; $_ } -ThrottleLimit 1 -RunVariable run {{parameter}} |
                ForEach-Object { $written.Add($_) }
        }
        catch { $caught = $_ }
        "$written $($caught.FullyQualifiedErrorId.Split(',')[0]) $($caught.TargetObject) $($run.Status) $($run.Nodes.Status)"
        """);

    [Fact]
    public void Outputs_are_put_together_from_the_elements_and_their_columns_are_null()
    {
        Gives(
            "1 2 3|1 2 3|10 30|10 30|",
            """
            $null = 1..3 | Invoke-DagMap { if ($_ -eq 2) { throw 'two' }; $_ * 10 } -RunVariable run -ErrorAction SilentlyContinue
            $run = Get-DagRun $run.RunId
            "$($run.Nodes['input'].Output)", "$($run.Nodes['each'].Input['$_'])", "$($run.Nodes['each'].Output)", "$($run.Outputs['each'])",
                "$($run.SourceInput)" -join '|'
            """);
        Reads("1", "SELECT source_inputs_json IS NULL AND sink_outputs_json IS NULL FROM dag_runs WHERE parent_run_id IS NULL", "1");
        Reads(
            "each composite 1 1\ninput source 1 1",
            "SELECT node_label || ' ' || node_type || ' ' || (input_json IS NULL) || ' ' || (output_json IS NULL) FROM node_executions "
            + "WHERE run_id = (SELECT run_id FROM dag_runs WHERE parent_run_id IS NULL) ORDER BY node_label",
            "1");
    }

    [Theory]
    [InlineData("completed 3", "")]
    [InlineData("completed 0", "-NoProvenance")]
    public void RunVariable_is_the_run_before_the_first_object_starts_and_after(string expected, string parameter) => Gives(
        $"running {expected}",
        $$"""
        $seen = 1..3 | Invoke-DagMap { $_ } -ThrottleLimit 1 -RunVariable run {{parameter}} |
            ForEach-Object { if ($_ -eq 1) { $run.Status } }
        "$seen $($run.Status) $($run.Nodes['each'].ChildRuns.Count)"
        """);

    [Fact]
    public void The_same_line_with_Reuse_runs_what_has_not_completed() => Gives(
        "1 3|completed failed completed|1 2 3|skipped completed skipped",
        """
        $script:run = $null
        $line = {
            1..3 | Invoke-DagMap { if ($_ -eq 2 -and -not [IO.File]::Exists("$using:Folder/go")) { throw 'no' }; "$_" } -Reuse -Ordered `
                -RunVariable script:run -ErrorAction SilentlyContinue
        }
        $first = & $line; $then = $run.Nodes['each'].ChildRuns.ForEach({ $_.Nodes['each'].Status })
        [IO.File]::WriteAllText("$Folder/go", '')
        $last = & $line; $now = $run.Nodes['each'].ChildRuns.ForEach({ $_.Nodes['each'].Status })
        "$first|$then|$last|$now"
        """);

    [Theory]
    [InlineData("DagProvenanceRequired", "1 | Invoke-DagMap { $_ } -Reuse -NoProvenance")]
    [InlineData("DagNameInvalid", "1 | Invoke-DagMap { $_ } -Name ' '")]
    [InlineData("DagInputMissing", "1 | Invoke-DagMap { $using:nothing }")]
    [InlineData("VariableNotWritable", "1 | Invoke-DagMap { $_ } -RunVariable PSHOME")]
    public void What_cannot_be_run_is_refused_and_leaves_no_run(string errorId, string script)
    {
        FailsWith(errorId, script);
        Gives("0", "@(Get-DagRun).Count");
    }

    [Fact]
    public void The_first_object_that_is_not_stored_whole_is_one_warning() => Assert.Equal(
        ["[each] In the element each[1] of 'map', 1 object was not stored, as it lies on a cycle or too deep in others; "
            + "the first at $.self. A restart or a replay cannot use this value again."],
        Session.Run("$a = @{}; $a.self = $a; 0, $a, $a | Invoke-DagMap { $null = $_ } -ThrottleLimit 1")
            .Warnings.Select(said => said.Message));

    [Fact]
    public void A_lazy_value_of_using_is_read_once_and_every_object_and_an_expression_of_it_has_its_items() => Gives(
        "3 3 3 3",
        """
        [IO.File]::WriteAllLines("$Folder/lines", [string[]]('a', 'b', 'c'))
        $lines = [IO.File]::ReadLines("$Folder/lines")
        (1, 2 | Invoke-DagMap { @($using:lines).Count; @($using:lines).Count }) -join ' '
        """);

    [Theory]
    [InlineData("@(1, $lines)", "@($using:held[1]).Count")]
    [InlineData("[Collections.ArrayList]@($lines, 1)", "@($using:held[0]).Count")]
    [InlineData("@{ inner = @{ LINES = $lines } }", "@($using:held.inner.lines).Count")]
    [InlineData("[ordered]@{ a = , $lines }", "@(($using:held).A[0]).Count")]
    [InlineData("[pscustomobject]@{ lines = $lines }", "@($using:held.lines).Count")]
    [InlineData("[Collections.Generic.IEnumerable[string][]]::new(2); $held[1] = $lines", "@(($using:held)[1]).Count")]
    [InlineData(
        "[Collections.Generic.List[Collections.Generic.IEnumerable[string]]]::new(); $held.Add($lines)", "@(($using:held)[0]).Count")]
    [InlineData(
        "[Collections.Generic.Dictionary[string, object]]::new([StringComparer]::OrdinalIgnoreCase); $held['a'] = $lines",
        "@(($using:held)['A']).Count")]
    [InlineData("($all = @($lines, $null)); $all[1] = $all", "@(($using:held)[1][0]).Count")]
    public void A_lazy_value_inside_what_is_taken_along_is_read_once_too(string held, string read) => Gives(
        "3 3 ReadLinesIterator",
        $$"""
        [IO.File]::WriteAllLines("$Folder/lines", [string[]]('a', 'b', 'c'))
        $lines = [IO.File]::ReadLines("$Folder/lines")
        $held = {{held}}
        "$((1, 2 | Invoke-DagMap { {{read}} }) -join ' ') $($lines.GetType().Name)"
        """);

    [Fact]
    public void A_synchronised_table_that_is_taken_along_is_the_callers_own_whoever_writes_to_it() => Gives(
        "3 1",
        """
        $shared = [hashtable]::Synchronized(@{ lazy = (1..3 | Where-Object { $_ }).GetEnumerator() })
        $null = 1, 2 | Invoke-DagMap { ($using:shared)["k$_"] = $_ }
        "$($shared.Count) $($shared.k1)"
        """);

    [Theory]
    [InlineData("")]
    [InlineData(" -Reuse")]
    public void WhatIf_runs_nothing_and_keeps_no_run(string reuse)
    {
        var map = "Invoke-DagMap { [IO.File]::AppendAllText(\"$using:Folder/ran\", '.') }" + reuse;
        Gives("", $"1 | {map}; 1, 2 | {map} -WhatIf");
        Assert.Equal(".", File.ReadAllText(Session.Folder.File("ran")));
        Gives("1", "@(Get-DagRun).Count");
    }

    [Fact]
    public void A_bar_counts_with_a_rate_and_with_the_time_left_once_the_input_has_ended()
    {
        var bars = Session.Run("$null = & { while (-not [Tests.Shown]::Any($Folder)) { 1 } } | Invoke-DagMap { $_ } -Name 'counted'")
            .Progress.Where(record => record.Activity == "counted").ToList();

        Assert.Matches("^[0-9,]+ done, [0-9.,]+/s$", bars[0].StatusDescription);
        Assert.Equal((-1, -1), (bars[0].PercentComplete, bars[0].SecondsRemaining));
        Assert.Contains(bars, bar => bar.StatusDescription.Contains(" of ", StringComparison.Ordinal) && bar.SecondsRemaining >= 0);
        Assert.Equal(System.Management.Automation.ProgressRecordType.Completed, bars[^1].RecordType);
    }

    [Fact]
    public void A_bar_says_how_many_elements_are_reused_and_its_rate_counts_those_that_ran()
    {
        var bars = Session.Run(
            "$null = 1 | Invoke-DagMap { $_ } -Name 'counted' -Reuse -ProgressAction Ignore; "
            + "$null = & { while (-not [Tests.Shown]::Any($Folder)) { 1 } } | Invoke-DagMap { $_ } -Name 'counted' -Reuse")
            .Progress.Where(record => record.Activity == "counted").ToList();

        Assert.Matches("^([0-9,]+) done, \\1 reused, 0/s$", bars[0].StatusDescription);
    }

    [Fact]
    public void Each_of_two_in_one_pipeline_has_a_bar_of_its_own()
    {
        var bars = Session.Run(
            "$null = & { while (-not [Tests.Shown]::Any($Folder, 2)) { 1 } } | Invoke-DagMap { $_ } -Name one | "
            + "Invoke-DagMap { $_ } -Name two").Progress;

        Assert.Equal(
            ["one", "two"],
            bars.DistinctBy(record => record.ActivityId).Select(record => record.Activity).Order());
    }

    [Fact]
    public void Two_runs_are_compared_by_their_elements() => Gives(
        "each[1]/each Output 2 3",
        """
        $null = 1, 2 | Invoke-DagMap { $_ } -RunVariable a
        $null = 1, 3 | Invoke-DagMap { $_ } -RunVariable b
        Compare-DagRun $a $b | Where-Object Change -eq Output |
            ForEach-Object { "$($_.Node) $($_.Change) $($_.Reference) $($_.Difference)" }
        """);

    [Fact]
    public void An_attempt_that_fails_is_tried_again_and_one_that_takes_too_long_fails() => Gives(
        "1 2|1 timed out",
        """
        $tried = 1, 2 | Invoke-DagMap { if ($DagContext.Attempt -eq 1) { throw 'once' }; $_ } -RetryCount 1 -Ordered
        $null = 1 | Invoke-DagMap { [Threading.Thread]::Sleep(60000) } -Timeout 0.1 -ErrorVariable late -ErrorAction SilentlyContinue
        "$tried|$($late.Count) $("$late" -match 'timed out' ? 'timed out' : $late)"
        """);

    [Fact]
    public void A_map_that_was_given_no_limit_of_failures_says_none() => Gives(
        "each[0]: no 1 (value 1); 2 of 3 elements failed\neach[2]: no 3 (value 3)",
        "1..3 | Invoke-DagMap { if ($_ -ne 2) { throw \"no $_\" } } -ThrottleLimit 1 -RunVariable run -ErrorAction Ignore; $run.Error");

    [Fact]
    public void What_its_block_cannot_see_is_told_without_words_of_a_DAG()
    {
        var warnings = Session.Run("$rate = 2; 1 | Invoke-DagMap { $found = $_; $rate * $fuond }").Warnings;

        Assert.Equal(
            [
                "The scriptblock reads $rate, a variable of the session. In a worker it is empty: write $using:rate.",
                "The scriptblock reads $fuond, which nothing sets: it is empty. Did you mean $found? If the name is right, set it in the "
                    + "scriptblock, or set it before and write $using:fuond.",
            ],
            warnings.Select(said => said.Message));
    }
}
