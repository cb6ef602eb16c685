using System.Text.RegularExpressions;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Export;

public sealed partial class ExportDagTests : ModuleTest
{
    private const string Failing = """
        $page = New-Dag page { Add-DagNode get { param($id) if ($id -eq 3) { throw 'no third' }; $id };
            Add-DagNode size { "$_" } -After get }
        $dag = New-Dag site { Add-DagNode list { 1..4 }; Add-DagNode each -Map $page -After list; Add-DagNode last { 1 } -After each }
        $run = $dag | Invoke-Dag -DatabasePath $Database -ThrottleLimit 1 -ErrorAction Ignore
        """;

    private const string Hostile = """
        $evil = "a <script>alert('l')</script> `"q`" \ & | ; {x}`nline ``b`` #35; %% end"
        $dag = New-Dag "$evil" -Description $evil { Add-DagNode $evil { "</pre><script>alert('v')</script>`n$using:evil" };
            Add-DagNode bad { throw "$_ </details>" } -After $evil }
        $run = $dag | Invoke-Dag -DatabasePath $Database -ErrorAction Ignore
        """;

    [Fact]
    public void Mermaid_of_a_dag_has_its_nodes_edges_and_sub_dags() => Assert.Equal(
        """
        flowchart LR
          accTitle: site
          n0["list<br/>scriptblock"]
          n1[["each<br/>map"]]
          subgraph n1s["each: page"]
            n1sn0["get<br/>scriptblock"]
            n1sn1["size<br/>scriptblock"]
            n1sn0 --> n1sn1
          end
          n1 -.-> n1s
          n2["last<br/>scriptblock"]
          n0 --> n1
          n1 --> n2

        """,
        Text($"{Failing}; $dag | Export-Dag"));

    [Fact]
    public void Dot_of_a_dag_has_its_nodes_edges_and_sub_dags() => Assert.Equal(
        """
        digraph "site" {
          rankdir=LR;
          compound=true;
          fontname="sans-serif";
          node [shape=box, style="rounded,filled", fillcolor="#ffffff", fontname="sans-serif"];
          n0 [label="list\nscriptblock", fillcolor="#ffffff", color="#57606a"];
          n1 [label="each\nmap", fillcolor="#ffffff", color="#57606a", peripheries=2];
          subgraph cluster_n1s {
            label="each: page";
            color="#57606a";
            n1sn0 [label="get\nscriptblock", fillcolor="#ffffff", color="#57606a"];
            n1sn1 [label="size\nscriptblock", fillcolor="#ffffff", color="#57606a"];
            n1sn0 -> n1sn1;
          }
          n1 -> n1sn0 [style=dashed, lhead=cluster_n1s];
          n2 [label="last\nscriptblock", fillcolor="#ffffff", color="#57606a"];
          n0 -> n1;
          n1 -> n2;
        }

        """,
        Text($"{Failing}; Export-Dag $dag -As Dot"));

    [Fact]
    public void Mermaid_of_a_failed_run_shows_status_duration_and_sub_runs()
    {
        var chart = Text($"{Failing}; $run | Export-Dag -As Mermaid");

        Assert.Matches("""n0\["list<br/>completed [\d.]+ (µs|ms|s)"\]:::completed""", chart);
        Assert.Matches("""n1\[\["each<br/>failed [\d.]+ (µs|ms|s)"\]\]:::failed""", chart);
        Assert.Contains("n2[\"last<br/>upstream_failed\"]:::upstream_failed", chart, StringComparison.Ordinal);
        Assert.Contains("subgraph n1s[\"each: 3 sub-runs\"]", chart, StringComparison.Ordinal);
        Assert.Matches("""subgraph n1s2\["each#91;2#93; failed [\d.]+ (µs|ms|s)"\]""", chart);
        Assert.Contains("classDef failed fill:", chart, StringComparison.Ordinal);
    }

    [Fact]
    public void Dot_of_a_failed_run_shows_status_duration_and_sub_runs()
    {
        var graph = Text($"{Failing}; $run | Export-Dag -As Dot");

        Assert.Matches(
            """n1 \[label="each\\nfailed [\d.]+ (µs|ms|s)", fillcolor="#ffd8d3", color="#c9302c", peripheries=2, class="failed"\];""",
            graph);
        Assert.Matches("""label="each\[2\] failed [\d.]+ (µs|ms|s)";""", graph);
        Assert.Equal(graph.Count(letter => letter == '{'), graph.Count(letter => letter == '}'));
    }

    [Fact]
    public void Html_of_a_failed_run_has_graph_time_line_and_what_each_node_was_given_and_gave()
    {
        var page = Text($"{Failing}; $run | Export-Dag -As Html");

        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.Contains("<svg class=\"graph\"", page, StringComparison.Ordinal);
        Assert.Contains("<section id=\"time-line\">", page, StringComparison.Ordinal);
        Assert.Contains("no third", page, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"Input\"", page, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"Output\"", page, StringComparison.Ordinal);
        Assert.Contains("3 sub-runs: 2 completed, 1 failed", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_of_a_dag_has_the_whole_code_of_a_node_line_by_line_and_escaped()
    {
        var page = Text("""
            New-Dag d {
                Add-DagNode long {
                    param([int]$First)
                    if ($First -lt 2) { "<b>" }
                    else {
                        'a line that is long enough to be cut where there is little room for it'
                    }
                }
            } | Export-Dag -As Html
            """);

        Assert.Contains(
            "{\n    param([int]$First)\n    if ($First -lt 2) { \"&lt;b&gt;\" "
            + "}\n    else {\n        'a line that is long enough to be cut where there is little room for it'\n    }\n}</pre>",
            page, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_of_a_run_has_the_code_of_the_nodes_that_the_session_has_as_they_were()
    {
        const string Make =
            "function global:Make($code) { New-Dag d { Add-DagNode a { 'kept code' }; "
            + "Add-DagNode b -After a ([scriptblock]::Create($code)); Add-DagNode m -After b -Map { 'inner code' } } }";
        Session.Run($"{Make}; $r = Make \"'old code'\" | Invoke-Dag -DatabasePath $Database").Sound();

        var same = Text("$r | Export-Dag -As Html");
        var changed = Text("$null = Make \"'new code'\"; $r | Export-Dag -As Html");

        Assert.All((string[])["kept code", "old code", "inner code"],
            code => Assert.Contains($"'{code}'", same, StringComparison.Ordinal));
        Assert.Contains("{ 'kept code' }", changed, StringComparison.Ordinal);
        Assert.DoesNotContain("'new code'", changed, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_replay_took_over_was_reused_in_every_drawing()
    {
        Session.Run(
            "$again = New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 2 } -After a } | Invoke-Dag -DatabasePath $Database | "
            + "Invoke-DagReplay -Node b").Sound();
        foreach (var form in (string[])["Mermaid", "Dot", "Html"])
            Assert.Contains("reused", Text($"$again | Export-Dag -As {form}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$dag")]
    [InlineData("$run")]
    public void Html_needs_nothing_from_anywhere_and_its_links_lead_somewhere(string what)
    {
        var page = Text($"{Failing}; {what} | Export-Dag -As Html");

        Assert.DoesNotMatch("(src|href)=\"(?!#)", page);
        Assert.DoesNotContain("@import", page, StringComparison.Ordinal);
        var ids = Ids().Matches(page).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(Links().Matches(page).Select(match => match.Groups[1].Value), link => Assert.Contains(link, ids));
    }

    [Theory]
    [InlineData("$dag")]
    [InlineData("$run")]
    public void Html_escapes_every_text(string what)
    {
        var page = Text($"{Hostile}; {what} | Export-Dag -As Html");

        Assert.Contains("&lt;script&gt;alert('l')", page, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, "<script"));
        Assert.Single(Regex.Matches(page, "</script"));
        Assert.Equal(Regex.Count(page, "<details"), Regex.Count(page, "</details>"));
        Assert.Equal(Regex.Count(page, "<pre"), Regex.Count(page, "</pre>"));
    }

    [Theory]
    [InlineData("$dag")]
    [InlineData("$run")]
    public void Mermaid_escapes_every_text(string what)
    {
        var lines = Text($"{Hostile}; {what} | Export-Dag").Split('\n');

        Assert.All(lines, line => Assert.Contains(line.Count(letter => letter == '"'), new[] { 0, 2 }));
        Assert.All(lines, line => Assert.DoesNotMatch("[`\\\\|]|<(?!br/>)", line));
    }

    [Theory]
    [InlineData("$dag")]
    [InlineData("$run")]
    public void Dot_escapes_every_text(string what)
    {
        var graph = Text($"{Hostile}; {what} | Export-Dag -As Dot");

        var bare = Strings().Replace(graph, "S");
        Assert.DoesNotContain("script>", bare, StringComparison.Ordinal);
        Assert.DoesNotContain('"', bare);
        Assert.Contains("&amp;", graph, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mermaid", "and 288 more of 300 sub-runs: 299 completed, 1 failed in all", 12)]
    [InlineData("Html", "and 250 more of 300 sub-runs: 299 completed, 1 failed in all", 50)]
    public void A_large_map_is_drawn_in_part_with_what_failed_and_says_how_many_more_there_are(string form, string more, int drawn)
    {
        var text = Text($$"""
            $dag = New-Dag d { Add-DagNode list { 1..300 };
                Add-DagNode each -Map { if ($_ -eq 290) { throw 'late' }; $_ } -After list -AllowFailure 1 }
            $dag | Invoke-Dag -DatabasePath $Database | Export-Dag -As {{form}}
            """);

        Assert.Contains(more, text, StringComparison.Ordinal);
        var keys = Keys().Matches(text).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.Equal(drawn, keys.Count);
        Assert.Contains("289", keys);
    }

    [Fact]
    public void A_stored_run_is_drawn_with_its_edges_where_no_dag_of_it_was_made()
    {
        Session.Run(Failing);
        using var other = new ModuleSession();

        var chart = other.Run($"Get-DagRun -DatabasePath '{Session.Database}' | Export-Dag").Sound().Text;

        Assert.Contains("n0 --> n1", chart, StringComparison.Ordinal);
        Assert.Contains(":::failed", chart, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mermaid", "n0 --> n1")]
    [InlineData("Dot", "n0 -> n1")]
    [InlineData("Html", "<section id=\"time-line\">")]
    public void A_run_that_was_not_kept_is_drawn(string form, string expected) => Assert.Contains(
        expected,
        Text($"New-Dag d {{ Add-DagNode a {{ 1 }}; Add-DagNode b {{ $_ }} -After a }} | Invoke-Dag -NoProvenance | Export-Dag -As {form}"),
        StringComparison.Ordinal);

    [Fact]
    public void A_restarted_run_shows_its_earlier_attempts()
    {
        var page = Text("""
            $run = New-Dag d { Add-DagNode a { throw 'first try' } } | Invoke-Dag -DatabasePath $Database -ErrorAction Ignore
            Restart-DagRun $run.RunId -DatabasePath $Database -Override @{ a = { 1 } } | Export-Dag -As Html
            """);

        Assert.Contains("completed", page, StringComparison.Ordinal);
        Assert.Contains("Attempt 1", page, StringComparison.Ordinal);
        Assert.Contains("first try", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_and_a_sub_run_are_taken_by_place_too()
    {
        Assert.Contains("accTitle: site, run ", Text($"{Failing}; Export-Dag $run"), StringComparison.Ordinal);
        Assert.Contains("accTitle: site/each#91;2#93;, run ", Text("Export-Dag $run.Nodes[1].ChildRuns[2]"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_gone_is_an_error_and_the_next_input_has_its_turn()
    {
        var said = Session.Run($"{Failing}; Remove-DagRun $run.RunId -DatabasePath $Database -Confirm:$false; $run, $dag | Export-Dag");

        Assert.StartsWith("DagRunNotFound", Assert.Single(said.AllErrors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("flowchart", said.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mermaid")]
    [InlineData("Dot")]
    [InlineData("Html")]
    public void A_dag_with_a_cycle_or_with_no_nodes_is_drawn(string form)
    {
        Assert.NotEmpty(Text($"New-Dag d | Export-Dag -As {form}"));
        Assert.NotEmpty(Text(
            $"New-Dag d {{ Add-DagNode a {{ 1 }}; Add-DagNode b {{ 1 }} -After a; Connect-DagNode b a }} | Export-Dag -As {form}"));
    }

    [Theory]
    [InlineData("Export-Dag")]
    [InlineData("Export-Dag -As Dot")]
    [InlineData("Out-String")]
    public void A_node_that_lies_on_a_cycle_says_so(string form)
    {
        var lines = Text(
            $$"""
            New-Dag d {
                's', 'before', 'a', 'b', 'between', 'c', 'z' | ForEach-Object { Add-DagNode $_ { 1 } }
                Connect-DagNode s before; Connect-DagNode before a; Connect-DagNode a b; Connect-DagNode b a
                Connect-DagNode b between; Connect-DagNode between c; Connect-DagNode c c; Connect-DagNode c z
            } | {{form}}
            """).Split('\n');
        var nodes = lines.Where(line => line.Contains("scriptblock", StringComparison.Ordinal))
            .ToLookup(line => line.Contains("scriptblock, on a cycle", StringComparison.Ordinal), line => Label().Match(line).Value);

        Assert.Equal(["a", "b", "c"], nodes[true].Order());
        Assert.Equal(["before", "between", "s", "z"], nodes[false].Order());
    }

    [GeneratedRegex("(?<=[\"─] ?)\\w+(?=<br/>|\\\\n| \\()")]
    private static partial Regex Label();

    [GeneratedRegex(" id=\"([^\"]+)\"")]
    private static partial Regex Ids();

    [GeneratedRegex("href=\"#([^\"]+)\"")]
    private static partial Regex Links();

    [GeneratedRegex(@"""(\\.|[^""\\])*""")]
    private static partial Regex Strings();

    [GeneratedRegex(@"(?:#91;|\[)(\d+)(?:#93;|\])")]
    private static partial Regex Keys();

    private string Text(string script) => Session.Run(script).Sound().Text.ReplaceLineEndings("\n");
}
