using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Export;

/// <summary>
/// What a page says in words: values, the banner, elements, messages. What is inside of the module is reached by its name.
/// </summary>
public sealed partial class ReadablePageTests : ModuleTest
{
    private const int PageIsFull = 200_000;

    [Theory]
    [InlineData("""{"$type":"long","value":14}""", "<p class=\"value\">14</p>")]
    [InlineData("""{"$type":"decimal","value":1.50}""", "<p class=\"value\">1.50</p>")]
    [InlineData("""{"$type":"datetime","value":"2026-11-27T00:00:00.0000000"}""", "<p class=\"value\">2026-11-27</p>")]
    [InlineData("""{"$type":"datetime","value":"2026-11-27T08:30:15.0000000"}""", "<p class=\"value\">2026-11-27 08:30:15</p>")]
    [InlineData("""{"$type":"timespan","value":"00:01:30"}""", "<p class=\"value\">1 min 30 s</p>")]
    [InlineData("""{"$type":"enum","of":"System.DayOfWeek","value":"Friday"}""", "<p class=\"value\">Friday</p>")]
    [InlineData("""{"$type":"secret","of":"SecureString"}""", "<p class=\"value\">(SecureString)</p>")]
    [InlineData("null", "<p class=\"muted\">$null</p>")]
    [InlineData("[]", "<p class=\"muted\">an empty list</p>")]
    [InlineData("[1,2,3]", "<p class=\"value\">1, 2, 3</p>")]
    [InlineData("\"two\\nlines\"", "two\nlines</pre>")]
    [InlineData("\"<b>\\u202e\\u0007\"", "<p class=\"value\">&lt;b&gt;\ufffd\u2407</p>")]
    [InlineData("""[{"Id":"a","N":{"$type":"long","value":1}},{"Id":"b"}]""", "<tr><td>a</td><td class=\"number\">1</td></tr>")]
    [InlineData("""{"$type":"hashtable","entries":[[2,"two"]]}""", "<tr><th scope=\"row\">2</th><td>two</td></tr>")]
    [InlineData("\"\"", "<p class=\"value\">''</p>")]
    [InlineData(
        """{"":"a"," ":""}""",
        "<tr><th scope=\"row\">''</th><td>a</td></tr>\n<tr><th scope=\"row\">' '</th><td>&#x27;&#x27;</td></tr>")]
    [InlineData("""[1,"",3]""", "<p class=\"value\">1, '', 3</p>")]
    public void A_value_is_shown_as_people_read_it(string json, string expected) =>
        Assert.Contains(expected, Values().Render(() => json, 20_000), StringComparison.Ordinal);

    [Fact]
    public void A_map_of_several_elements_shows_its_code_once() => Gives(
        "1",
        "$run = New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -After a -Map { 'a word of the map ' + $_ } } | Invoke-Dag; "
        + "[regex]::Matches(($run | Export-Dag -As Html), 'word of the map '' \\+').Count");

    [Fact]
    public void The_banner_links_to_the_node_that_wrote_an_error_and_to_all_nodes_that_failed() => Gives(
        "True|True|True",
        """
        $written = New-Dag d { Add-DagNode a { Write-Error 'soft'; 1 } } | Invoke-Dag 2>$null
        $failed = New-Dag e { Add-DagNode a { throw 'no' }; Add-DagNode b { throw 'nor' }; Add-DagNode c -After a, b { 1 } } |
            Invoke-Dag -ContinueOnFailure 2>$null
        $replay = $failed | Invoke-DagReplay -Node b 2>$null
        $page = $failed | Export-Dag -As Html
        (($written | Export-Dag -As Html) -match '</b> <a href="#[^"]+">a: soft</a>'),
            ($page -match '<p>Failed too: <a href="#[^"]+">[ab]</a></p>'),
            ($page -match "<dt>Replayed as</dt><dd>$($replay.RunId)</dd>") -join '|'
        """);

    [Fact]
    public void What_was_written_in_colours_for_a_terminal_is_plain_on_a_page_and_in_a_table() => Gives(
        "False 0 2 1",
        """
        $red = "`e[31mred`e[0m"
        $run = New-Dag d { Add-DagNode a { Write-Warning "$using:red one"; 1 }; Add-DagNode b -After a { throw "$using:red two" } } |
            Invoke-Dag 2>$null 3>$null
        $page = $run | Export-Dag -As Html
        $table = $run | Format-Table | Out-String
        "$($page.Contains([char]0x241b)) $([regex]::Matches($table, '\e\[31m(red|$)').Count) " +
            "$([regex]::Matches($page, 'warning: red one<').Count) $([regex]::Matches($table, 'b: red two').Count)"
        """);

    [Fact]
    public void The_line_of_an_element_says_the_cause_and_not_all_errors_inside_it() => Gives(
        "failed, 2 of 2|n[0]: bad 3 (value 3)",
        """
        $inner = New-Dag i { Add-DagNode v { 3, 4 }; Add-DagNode n -After v -Map { throw "bad $_" } }
        $run = New-Dag d { Add-DagNode a { , @(1) }; Add-DagNode m -After a -Map $inner } |
            Invoke-Dag -ContinueOnFailure -ThrottleLimit 1 -ErrorAction Ignore
        $line = ($run | Export-Dag -As Html) -split "`n" | Where-Object { $_.Contains('>m[0] 1<') }
        $line -replace '<[^>]+>' -replace '^m\[0\] 1 (failed, 2 of 2)[^:]*: ', '$1|'
        """);

    [Fact]
    public void A_long_value_is_folded_and_has_a_line_for_each_member()
    {
        var json = JsonSerializer.Serialize(Enumerable.Range(0, 200).ToDictionary(number => $"n{number}", number => new[] { number }));

        var html = Values().Render(() => json, 20_000);

        Assert.Contains("<details class=\"fold\"><summary>200 entries, ", html, StringComparison.Ordinal);
        Assert.Contains("\n  \"n7\": [\n    7\n  ],", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_that_is_full_does_little_for_a_value_of_which_it_shows_little()
    {
        var (render, cut) = Values();
        var json = JsonSerializer.Serialize(Enumerable.Range(1, 10_000));
        for (var shown = 0; shown < PageIsFull;)
            shown += cut(json, 20_000).Length;

        var before = GC.GetAllocatedBytesForCurrentThread();
        var text = render(() => json, 20_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Contains(">[1,2,3,", text, StringComparison.Ordinal);
        Assert.InRange(allocated, 1, json.Length / 4);
    }

    [Theory]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b -After a { 2 }", "completed", "All nodes are done.")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b -After a { Write-Error 'odd' }", "warned", "b: odd")]
    [InlineData("Add-DagNode a { 1, 2 }; Add-DagNode b -After a -AllowFailure 1 -Map { if ($_ -eq 2) { throw 'no' } }", "warned", "no")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b -After a -If { $false } { 2 }", "omitted", "1 node was omitted.")]
    [InlineData("Add-DagNode a { throw 'broken' }", "failed", "a: broken")]
    [InlineData("Add-DagNode a { $DagContext.Pause('asks finance') }", "paused", "asks finance")]
    public void The_banner_is_green_only_where_all_is(string nodes, string look, string says)
    {
        var page = Text($"New-Dag d {{ {nodes} }} | Invoke-Dag -DatabasePath $Database -ErrorAction Ignore | Export-Dag -As Html");

        var banner = Assert.Single(Banner().Matches(page));
        Assert.Equal(look, banner.Groups[1].Value);
        Assert.Contains(says, banner.Groups[2].Value, StringComparison.Ordinal);
        Assert.Equal(look is "failed" or "paused", banner.Groups[2].Value.Contains("Restart-DagRun", StringComparison.Ordinal));
        // The time line says why a node failed, too.
        Assert.Equal(
            look == "failed",
            page.Contains("<span class=\"said\"><span class=\"error\">failed: broken</span></span></a>", StringComparison.Ordinal));
    }

    [Fact]
    public void A_page_of_a_run_in_which_elements_failed_says_how_to_run_them_again_and_each_error_once_in_its_node()
    {
        var page = Text("""
            New-Dag d {
                Add-DagNode a { 1..3 }
                Add-DagNode 'each one' -After a -AllowFailure 1 -Map { if ($_ -eq 2) { throw 'no room' }; $_ }
                Add-DagNode b -After 'each one' { 'the sum' }
            } | Invoke-Dag -DatabasePath $Database -WarningAction Ignore | Export-Dag -As Html
            """);

        Assert.Matches("Invoke-DagReplay [0-9a-f]{8} -FailedOnly -IncludeDownstream -DatabasePath '[^<]+'</p>", page);
        var box = Box("node-1", page);
        Assert.Single(Regex.Matches(box, ">[^<]*no room(?! *&#39;|')"), match => !match.Value.Contains("throw", StringComparison.Ordinal));
        Assert.Contains("<bdi>each one[1] 2</bdi>", box, StringComparison.Ordinal);
        Assert.StartsWith("<details id=\"node-2\" open>", Box("node-2", page), StringComparison.Ordinal);
        Assert.StartsWith("<details id=\"node-0\">", Box("node-0", page), StringComparison.Ordinal);
    }

    [Fact]
    public void The_box_of_a_map_that_failed_leaves_the_error_to_the_part_of_its_element()
    {
        var box = Box("node-1", Text("""
            New-Dag d { Add-DagNode a { 1..3 }; Add-DagNode each -After a -Map { if ($_ -eq 2) { throw 'no' }; $_ } } |
                Invoke-Dag -DatabasePath $Database -ErrorAction Ignore | Export-Dag -As Html
            """));

        Assert.DoesNotContain("<h3>Error</h3>", box, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(box, "<h3>Where</h3>"));
    }

    [Theory]
    [InlineData(2.0, "0 s, 500 ms, 1 s, 1.5 s, 2 s")]
    [InlineData(0.0034, "0 s, 1 ms, 2 ms, 3 ms")]
    [InlineData(0.00041, "0 s, 100 µs, 200 µs, 300 µs, 400 µs")]
    [InlineData(47, "0 s, 10 s, 20 s, 30 s, 40 s")]
    [InlineData(400, "0 s, 2 min, 4 min, 6 min")]
    [InlineData(9_000, "0 s, 30 min, 1 h, 1 h 30 min, 2 h, 2 h 30 min")]
    [InlineData(200_000, "0 s, 12 h, 1 d, 1 d 12 h, 2 d")]
    public void The_marks_of_a_time_line_are_round_times(double seconds, string expected) =>
        Assert.Equal(expected, string.Join(", ", Marks((0, seconds))));

    [Fact]
    public void A_time_line_with_a_gap_that_was_cut_short_has_each_mark_once()
    {
        var marks = Marks((0, 2), (90_000, 90_003)).ToList();

        Assert.Equal(["0 s", "1 s", "2 s", "1 d 1 h"], marks);
    }

    [Fact]
    public void Marks_behind_a_gap_are_as_exact_as_their_distance() => Assert.Equal(
        ["0 s", "10 ms", "20 ms", "4.04 s", "4.05 s"], Marks((0, 0.025), (4.035, 4.055)));

    [Theory]
    [InlineData(26.54, "26.5 s")]
    [InlineData(20, "26.6 s")]
    [InlineData(0, "26.6 s")]
    public void The_gap_in_which_a_run_was_stopped_has_the_length_that_the_page_says_of_the_stop(double idle, string expected)
    {
        var begin = DateTimeOffset.UnixEpoch;
        (DateTimeOffset, DateTimeOffset)[] spans =
            [(begin, begin.AddSeconds(1)), (begin.AddSeconds(27.56), begin.AddSeconds(29))];
        var axis = Activator.CreateInstance(Type("TimeAxis"), [spans, TimeSpan.FromSeconds(idle)])!;

        Assert.Equal(expected, Type("TimeAxis").GetMethod("Said")!.Invoke(axis, [TimeSpan.FromSeconds(26.56)]));
    }

    [Theory]
    [InlineData("throw 'no'", "stage/each[1]/check: no (value 2)", "check")]
    [InlineData("Write-Error 'no'", "stage/each[1]/check: no", "check")]
    [InlineData("1..3 | ForEach-Object { if ($_ -eq 3) { throw 'no' } }", "stage/each[1]/check: no (value 2)", "check")]
    public void The_banner_leads_into_an_element_inside_a_sub_DAG(string code, string error, string name)
    {
        var page = Text($$"""
            $one = New-Dag one { Add-DagNode get { param($n) $n }
                Add-DagNode check -After get { param($n) if ($n -eq 2) { {{code}} }; $n } }
            $all = New-Dag all { Add-DagNode list { param([int[]]$n) $n }; Add-DagNode each -After list -Map $one }
            New-Dag d { Add-DagNode a { 1..9 }; Add-DagNode stage -After a -Call $all } |
                Invoke-Dag -DatabasePath $Database -ErrorAction Ignore | Export-Dag -As Html
            """);

        var link = Regex.Match(Banner().Match(page).Value, "<a href=\"#([^\"]+)\">([^<]+)</a>");
        Assert.Equal(error, link.Groups[2].Value.TrimEnd('.'));
        Assert.Single(Regex.Matches(page, $"<details id=\"{link.Groups[1].Value}\"[^>]*><summary>.*?<bdi>{name}</bdi>"));
        var ids = Regex.Matches(page, "<details id=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void A_stopped_node_is_open_if_an_element_of_it_failed()
    {
        var page = Text("""
            New-Dag d { Add-DagNode a { 1..3 }; Add-DagNode b -After a -AllowFailure 2 -ThrottleLimit 1 -Map {
                if ($_ -eq 1) { throw 'no' }; $DagContext.Pause('later') } } |
                Invoke-Dag -DatabasePath $Database -WarningAction Ignore | Export-Dag -As Html
            """);

        Assert.StartsWith("<details id=\"node-1\" open>", Box("node-1", page), StringComparison.Ordinal);
        Assert.Contains("<a href=\"#node-1-0\">b[0]: no (value 1)", Banner().Match(page).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_says_how_many_nodes_and_elements_were_tried_again()
    {
        var page = Text("""
            New-Dag d {
                Add-DagNode a -RetryCount 1 { if ($DagContext.Attempt -eq 1) { throw 'no' }; 1..5 }
                Add-DagNode all -After a -Call (New-Dag e { Add-DagNode x { param([int[]]$n) $n }
                    Add-DagNode m -After x -RetryCount 1 -AllowFailure 1 -Map {
                        if ($_ -eq 5 -or ($_ -gt 3 -and $DagContext.Attempt -eq 1)) { throw 'no' } } })
            } | Invoke-Dag -DatabasePath $Database -WarningAction Ignore | Export-Dag -As Html
            """);

        Assert.Contains("<dt>Retried</dt><dd>1 node and 2 elements took 2 or more attempts</dd>", page, StringComparison.Ordinal);
        Assert.Matches("<bdi>m</bdi></span> <span class=\"muted\">map, completed, 1 of 5 failed, [^<]*<span class=\"time\">[^<]+</span>, "
            + "2 elements took 2 or more attempts", page);
        Assert.Matches("<bdi>m\\[4\\] 5</bdi></span> <span class=\"muted\">failed <span class=\"time\">[^<]+</span>, try 2, from", page);
        Assert.DoesNotContain(">1 sub-runs", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_without_retries_says_nothing_of_them() => Assert.DoesNotContain(
        "Retried", Text("New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag | Export-Dag -As Html"), StringComparison.Ordinal);

    [Fact]
    public void The_time_line_says_why_a_node_paused() => Assert.Contains(
        "<span class=\"said\"><span class=\"warning\">paused: the disk is full</span></span>",
        Text("""
            New-Dag d { Add-DagNode a { $DagContext.Pause('the disk is full') } } |
                Invoke-Dag -DatabasePath $Database -WarningAction Ignore | Export-Dag -As Html
            """),
        StringComparison.Ordinal);

    [Fact]
    public void A_call_that_was_stopped_says_the_error_of_an_element_inside_it()
    {
        var page = Text("""
            $inner = New-Dag e { Add-DagNode x { param([int[]]$n) $n }; Add-DagNode m -After x -AllowFailure 2 -ThrottleLimit 1 -Map {
                if ($_ -eq 1) { throw 'no' }; $DagContext.Pause('later') } }
            $run = New-Dag d { Add-DagNode a { 1..3 }; Add-DagNode b -After a -Call $inner } |
                Invoke-Dag -DatabasePath $Database -WarningAction Ignore
            $run | Export-Dag -As Html
            """);

        Assert.Matches("Error +: b/m\\[0\\]: no", Text("$run.Nodes['b'] | Format-List | Out-String -Width 200"));
        Assert.DoesNotContain("note", Text("$run.Nodes['b'] | Out-String -Width 200"), StringComparison.Ordinal);
        Assert.Contains(
            "<span class=\"said\"><span class=\"error\">error: m[0]: no (value 1)</span></span>", page, StringComparison.Ordinal);
        var box = Box("node-1", page);
        Assert.StartsWith("<details id=\"node-1\" open>", box, StringComparison.Ordinal);
        Assert.Contains("<h3>Error</h3>", box, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#node-1-0-1-0\">b/m[0]: no (value 1)", Banner().Match(page).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_time_line_says_an_error_once_and_cuts_it_behind_a_word()
    {
        var page = Text("""
            $inner = New-Dag e { Add-DagNode x { throw ('one two three ' * 30) } }
            New-Dag d { Add-DagNode a { 1 }; Add-DagNode b -After a -Call $inner } |
                Invoke-Dag -DatabasePath $Database -ErrorAction Ignore | Export-Dag -As Html
            """);

        var said = Assert.Single(Regex.Matches(page, "<span class=\"said\">(.*?)</a>", RegexOptions.Singleline)).Groups[1].Value;
        Assert.Matches("^<span class=\"error\">failed: x: (one two three )+(one|one two|one two three)…</span></span>$", said);
    }

    [Fact]
    public void Elements_that_were_reused_are_folded_and_have_no_time()
    {
        var page = Text("""
            $run = { New-Dag d { Add-DagNode list { 1..20 }; Add-DagNode m -After list -Reuse -AllowFailure 1 -Map {
                if ($_ -eq 20) { throw 'no' }; $_ } } | Invoke-Dag -WarningAction Ignore }
            $null = & $run; & $run | Export-Dag -As Html
            """);

        Assert.Contains("<summary>19 that completed or were reused</summary>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("reused 0 s", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_index_leads_to_the_runs_that_failed() => Assert.Matches(
        "<p class=\"muted\">2 runs, 1 failed or interrupted \\(<a href=\"#run-[0-9a-f-]{36}\">bad [0-9a-f]{8}</a>\\), as of",
        Text("""
            $null = New-Dag bad { Add-DagNode a { throw 'no' } } | Invoke-Dag -ErrorAction Ignore
            $null = New-Dag good { Add-DagNode a { 1 } } | Invoke-Dag
            Get-DagRun | Export-Dag -As Html
            """));

    [Fact]
    public void A_page_counts_all_elements_that_failed_beside_those_that_it_tells()
    {
        var page = Text("""
            New-Dag d {
                Add-DagNode a { 1..14 }
                Add-DagNode each -After a -AllowFailure 100% -Map { throw 'no' }
                Add-DagNode c -If { $false } { 2 }
            } | Invoke-Dag -DatabasePath $Database -WarningAction Ignore | Export-Dag -As Html
            """);

        Assert.Contains("which is within what is allowed (100%).</a> 1 node was omitted.", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"muted\">and 11 more</span>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_time_line_counts_the_other_elements_that_failed_in_a_map_in_flight()
    {
        Session.Run("""
            $null = New-Dag d {
                Add-DagNode a { 1..6 }
                Add-DagNode each -After a -AllowFailure 100% -ThrottleLimit 1 -Map {
                    if ($_ -lt 6) { throw "no $_" }
                    # What other elements did is written a little later.
                    do { $live = Get-DagRun -DatabasePath $using:Database } until ($live.ErrorCount -eq 5)
                    $live | Export-Dag -Path "$using:Folder/live.html"
                }
            } | Invoke-Dag -DatabasePath $Database -WarningAction Ignore
            """);
        var live = File.ReadAllText(Session.Folder.File("live.html"));

        Assert.Contains("error: each[0]: no 1 (value 1)</span><span class=\"muted\">and 4 more</span>", live, StringComparison.Ordinal);
    }

    [Fact]
    public void The_time_line_says_why_a_node_that_completed_has_errors_inside() => Assert.Contains(
        "<span class=\"error\">error: m[0]/n[0]: bad 3 (value 3",
        Text("""
            $inner = New-Dag i { Add-DagNode v { 3, 4 }; Add-DagNode n -After v -AllowFailure 2 -Map { throw "bad $_" } }
            New-Dag d { Add-DagNode a { , @(1) }; Add-DagNode m -After a -Map $inner } |
                Invoke-Dag -DatabasePath $Database -ThrottleLimit 1 -WarningAction Ignore | Export-Dag -As Html
            """),
        StringComparison.Ordinal);

    [Fact]
    public void A_page_has_the_names_of_elements_messages_beside_bars_description_tags_hosts_and_marks()
    {
        var page = Text("""
            New-Dag d -Description 'Says <what>' {
                Add-DagNode list { [pscustomobject]@{ Id = 'pear' }, [pscustomobject]@{ Id = 'fig' } }
                Add-DagNode each -After list -Map { Write-Warning "saw $($_.Id)"; $_.Id }
                Add-DagNode far -After each -On process { 1 }
                Add-DagNode near -After list { Write-Warning 'is near' }
                Add-DagNode end -After far -When Always { 1 }
            } | Invoke-Dag -DatabasePath $Database -Tag nightly | Export-Dag -As Html
            """);

        Assert.Contains("<p class=\"description\">Says &lt;what&gt;</p>", page, StringComparison.Ordinal);
        Assert.Contains("<dd>nightly</dd>", page, StringComparison.Ordinal);
        Assert.Contains(
            $"<dt>Started by</dt><dd>{Environment.UserName}@{Environment.MachineName}, process {Environment.ProcessId}</dd>", page,
            StringComparison.Ordinal);
        Assert.Contains("<bdi>each[1] fig</bdi>", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"muted\">on process</span>", page, StringComparison.Ordinal);
        Assert.Matches("<span class=\"said\"><span class=\"warning\">[\\d:]{8} warning: is near</span>", page);
        Assert.Contains("<path class=\"edge closing\"", page, StringComparison.Ordinal);
        Assert.Contains(">always</text>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_of_a_run_in_flight_loads_itself_again_and_one_that_ended_does_not()
    {
        var ended = Text("""
            $dag = New-Dag d { Add-DagNode a {
                $live = Get-DagRun -DatabasePath $using:Database; $null = $live | Export-Dag -Path "$using:Folder/live.html"
                [IO.File]::WriteAllText("$using:Folder/live.txt", ($live | Out-String -Width 80)) } }
            $dag | Invoke-Dag -DatabasePath $Database | Export-Dag -As Html
            """);
        var live = File.ReadAllText(Session.Folder.File("live.html"));

        Assert.Contains("<meta http-equiv=\"refresh\" content=\"5\">", live, StringComparison.Ordinal);
        Assert.Contains("<div class=\"banner running\"", live, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv=\"refresh\"", ended, StringComparison.Ordinal);
        // A run that runs shows in a table how long it has run.
        Assert.Matches(@"running +[\d.]+ (µs|ms|s) ", File.ReadAllText(Session.Folder.File("live.txt")));
    }

    [Fact]
    public void Fifty_logs_make_a_page_of_less_than_500_KB()
    {
        var page = Text("""
            New-Dag logs {
                Add-DagNode files { 1..50 | ForEach-Object { "log-$_.txt" } }
                Add-DagNode count -After files -Map { $all = @{}; foreach ($i in 1..800) { $all["word-$i-of-$_"] = $i }; $all }
                Add-DagNode top -After count { $_.Count }
            } | Invoke-Dag -DatabasePath $Database | Export-Dag -As Html
            """);

        Assert.Contains("<bdi>count[49] log-50.txt</bdi>", page, StringComparison.Ordinal);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(page), 20_000, 500_000);
    }

    [GeneratedRegex("""<div class="banner (\w+)" role="status">(.*?)</div>""", RegexOptions.Singleline)]
    private static partial Regex Banner();

    private static string Box(string id, string page)
    {
        var box = page[page.IndexOf($"<details id=\"{id}\"", StringComparison.Ordinal)..];
        var next = Regex.Match(box[1..], "<details id=\"node-\\d+\"");
        return next.Success ? box[..(next.Index + 1)] : box;
    }

    private static Type Type(string name) => AppDomain.CurrentDomain.GetAssemblies()
        .First(loaded => loaded.GetName().Name == "Lythonic.Dag").GetType($"Lythonic.Dag.Export.{name}", true)!;

    private static IEnumerable<string> Marks(params (double From, double To)[] spans)
    {
        var begin = DateTimeOffset.UnixEpoch;
        var type = Type("TimeAxis");
        var moments = spans.Select(span => (begin.AddSeconds(span.From), begin.AddSeconds(span.To)));
        var axis = Activator.CreateInstance(type, [moments, TimeSpan.Zero])!;
        var marks = type.GetMethod("Marks")!.Invoke(axis, null)!;
        return ((IEnumerable<(double Place, string Label)>)marks).Select(mark => mark.Label);
    }

    private static (Func<Func<string?>, int, string> Render, Func<string, int, string> Cut) Values()
    {
        var type = Type("HtmlValue");
        var values = Activator.CreateInstance(type)!;
        TMethod Method<TMethod>(string name, params Type[] parameters) where TMethod : Delegate =>
            type.GetMethod(name, BindingFlags.Instance | BindingFlags.Public, parameters)!.CreateDelegate<TMethod>(values);
        return (
            Method<Func<Func<string?>, int, string>>("Render", typeof(Func<string>), typeof(int)),
            Method<Func<string, int, string>>("Cut", typeof(string), typeof(int)));
    }

    private string Text(string script) => Session.Run(script).Output is [var only] ? $"{only}".ReplaceLineEndings("\n") : "";
}
