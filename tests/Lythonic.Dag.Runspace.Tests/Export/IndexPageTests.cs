using System.Text.RegularExpressions;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Export;

public sealed class IndexPageTests : ModuleTest
{
    private const string Runs = """
        foreach ($broken in $false, $true) { $null = New-Dag d { Add-DagNode a { 1 }
            Add-DagNode 'b <i>' -After a { if ($using:broken) { throw 'no' }; 2 } } |
            Invoke-Dag -DatabasePath $Database -ErrorAction Ignore }
        """;

    [Fact]
    public void Several_runs_are_one_page_whose_links_lead_to_what_it_says_of_each()
    {
        var page = Assert.Single(Session.Run($"{Runs}; Get-DagRun -DatabasePath $Database | Export-Dag -As Html").Output)?.ToString()!;

        Assert.Contains("<table class=\"grid\">", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"cell failed\" role=\"img\" title=\"b &lt;i&gt;: failed", page, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page, "<rect class=\"(completed|failed)\""));
        var links = Regex.Matches(page, "href=\"#([^\"]+)\"").Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.Equal(2, links.Count);
        Assert.All(links, link => Assert.Contains($"id=\"{link}\"", page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_bars_of_durations_have_the_order_of_the_table_and_say_so()
    {
        var page = Assert.Single(Session.Run($"{Runs}; {Runs}; Get-DagRun -DatabasePath $Database | Export-Dag -As Html").Output)
            ?.ToString()!;

        var bars = Regex.Matches(page, "<a href=\"#(run-[^\"]+)\" aria-label").Select(match => match.Groups[1].Value).ToList();
        var rows = Regex.Matches(page, "<tr><th scope=\"row\"><a href=\"#(run-[^\"]+)\"").Select(match => match.Groups[1].Value);
        Assert.Equal(4, bars.Count);
        Assert.Equal(rows, bars);
        Assert.Matches("</svg><p><span>newest: [^<]+</span><span>oldest: [^<]+</span></p></div>", page);
    }

    [Fact]
    public void Details_leave_out_words_of_the_error_and_nothing_of_the_command()
    {
        var page = Assert.Single(Session.Run(
            """
            $null = New-Dag d { Add-DagNode a { $DagContext.Pause('waits ' + 'for somebody ' * 40) } } | Invoke-Dag -DatabasePath $Database
            $null = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $Database
            Get-DagRun -DatabasePath $Database | Export-Dag -As Html
            """).Output)?.ToString()!;

        Assert.Matches("<td class=\"why\">note: waits (for somebody )+(for )?(for|somebody)…; "
            + "go on with: <span class=\"time\">Restart-DagRun [0-9a-f]{8}</span> "
            + $"-DatabasePath '{Regex.Escape(Session.Database)}'</td>", page);
    }

    [Fact]
    public void The_index_explains_its_squares_and_names_each_run_once_more_by_its_id()
    {
        var page = Assert.Single(Session.Run($"{Runs}; Get-DagRun -DatabasePath $Database | Export-Dag -As Html").Output)?.ToString()!;

        var legend = Regex.Match(page, "<p class=\"muted signs\">(.*)</p>").Groups[1].Value;
        Assert.Equal("completed×failed", Regex.Replace(legend, "<[^>]*>", ""));
        Assert.Equal(2, Regex.Count(page, "<span class=\"muted\">[0-9a-f]{8}, [0-9-]{10} [0-9:]{8}, "));
        Assert.DoesNotContain("<h2>Runs</h2>", page, StringComparison.Ordinal);
        // On a narrow screen a square has the label of its node.
        Assert.Equal(2, Regex.Count(page, "<td data-label=\"b &lt;i&gt;\">"));
    }

    [Fact]
    public void Runs_that_completed_with_errors_are_counted_apart() => Gives(
        "True",
        """
        foreach ($soft in 0, 1, 1) { $null = New-Dag d { Add-DagNode a { if ($using:soft) { Write-Error soft }; 1 } } |
            Invoke-Dag -DatabasePath $Database -ErrorAction Ignore 2>$null }
        (Get-DagRun -DatabasePath $Database | Export-Dag -As Html).Contains('<p>3 runs: 2 completed with errors, 1 completed.</p>')
        """);

    [Fact]
    public void With_a_path_the_pages_of_the_runs_lie_beside_their_index()
    {
        var file = Assert.Single(
            Session.Run($"{Runs}; Get-DagRun -DatabasePath $Database | Export-Dag -Path \"$Folder/my runs.html\"").Output);

        var page = File.ReadAllText(Assert.IsType<FileInfo>(file?.BaseObject).FullName);
        Assert.Contains("The links need the folder <bdi>my runs-runs</bdi> beside this file.", page, StringComparison.Ordinal);
        var links = Regex.Matches(page, "href=\"([^#\"][^\"]*)\"").Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.Equal(2, links.Count);
        Assert.All(links, link => Assert.StartsWith(
            "<!DOCTYPE html>", File.ReadAllText(Session.Folder.File(Uri.UnescapeDataString(link))), StringComparison.Ordinal));
    }

    [Fact]
    public void One_run_is_a_page_of_its_own_and_each_path_has_what_is_for_it() => Gives(
        "True True 2",
        Runs + """
            $runs = Get-DagRun -DatabasePath $Database
            $one = $runs[0], $runs[0] | Export-Dag -As Html
            $files = $runs | Export-Dag -Path { "$Folder/$($_.Status).html" }
            $failed = [IO.File]::ReadAllText("$Folder/failed.html").Contains('id="graph"')
            "$($one -is [string] -and $one.Contains('id="graph"')) $failed $($files.Count)"
            """);

    [Fact]
    public void An_index_that_cannot_be_written_is_an_error_and_makes_no_folder()
    {
        var said = Session.Run($"{Runs}; Get-DagRun -DatabasePath $Database | Export-Dag -Path \"$Folder/nowhere/runs.html\"");

        Assert.StartsWith("DagFileNotWritten", Assert.Single(said.AllErrors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Session.Folder.File("nowhere")));
    }
}
