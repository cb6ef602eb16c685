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
    public void A_value_is_shown_as_people_read_it(string json, string expected) =>
        Assert.Contains(expected, Values().Render(() => json, 20_000), StringComparison.Ordinal);

    [Fact]
    public void A_map_of_several_elements_shows_its_code_once() => Gives(
        "1",
        "$run = New-Dag d { Add-DagNode a { 1, 2 }; Add-DagNode m -After a -Map { 'a word of the map ' + $_ } } | Invoke-Dag; "
        + "[regex]::Matches(($run | Export-Dag -As Html), 'word of the map '' \\+').Count");

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
    public void A_page_counts_all_elements_that_failed_beside_those_that_it_tells()
    {
        var page = Text("""
            New-Dag d {
                Add-DagNode a { 1..14 }
                Add-DagNode each -After a -AllowFailure 100% -Map { throw 'no' }
                Add-DagNode c -If { $false } { 2 }
            } | Invoke-Dag -DatabasePath $Database -WarningAction Ignore | Export-Dag -As Html
            """);

        Assert.Contains("which is within what is allowed (100%). 1 node was omitted.", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"muted\">and 11 more</span>", page, StringComparison.Ordinal);
    }

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
        Assert.Contains("<bdi>[1] fig</bdi>", page, StringComparison.Ordinal);
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

        Assert.Contains("<bdi>[49] log-50.txt</bdi>", page, StringComparison.Ordinal);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(page), 20_000, 500_000);
    }

    [GeneratedRegex("""<div class="banner (\w+)" role="status">(.*?)</div>""", RegexOptions.Singleline)]
    private static partial Regex Banner();

    private static (Func<Func<string?>, int, string> Render, Func<string, int, string> Cut) Values()
    {
        var type = AppDomain.CurrentDomain.GetAssemblies().First(loaded => loaded.GetName().Name == "Lythonic.Dag")
            .GetType("Lythonic.Dag.Export.HtmlValue", true)!;
        var values = Activator.CreateInstance(type)!;
        TMethod Method<TMethod>(string name, params Type[] parameters) where TMethod : Delegate =>
            type.GetMethod(name, BindingFlags.Instance | BindingFlags.Public, parameters)!.CreateDelegate<TMethod>(values);
        return (
            Method<Func<Func<string?>, int, string>>("Render", typeof(Func<string>), typeof(int)),
            Method<Func<string, int, string>>("Cut", typeof(string), typeof(int)));
    }

    private string Text(string script) => Session.Run(script).Output is [var only] ? $"{only}".ReplaceLineEndings("\n") : "";
}
