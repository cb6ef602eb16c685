using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Host;

public sealed class ExampleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_relative_link_of_the_documents_leads_somewhere()
    {
        using var host = Run("check-links.ps1");

        Assert.True(host.WaitForExit() == 0, host.Output + host.Error);
    }

    [Fact]
    public void A_link_that_leads_nowhere_exits_with_one()
    {
        using var host = Run("check-links.ps1", _folder.Write("a.md", "see [b](missing.md)"));

        Assert.Equal(1, host.WaitForExit());
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_named_with_its_line()
    {
        using var host = Run("check-links.ps1", _folder.Write("a.md", "first\nsee [b](missing.md)"));

        Assert.Matches(@"a\.md:2.*missing\.md", host.Output);
    }

    [Fact]
    public void An_anchor_that_no_heading_has_leads_nowhere()
    {
        using var host = Run("check-links.ps1", _folder.Write("a.md", "# One thing\n[here](#another-thing)"));

        Assert.Equal(1, host.WaitForExit());
    }

    [Fact]
    public void An_anchor_of_a_heading_leads_there()
    {
        using var host = Run("check-links.ps1", _folder.Write("a.md", "# One `thing`\n[here](#one-thing)"));

        Assert.True(host.WaitForExit() == 0, host.Output + host.Error);
    }

    [Fact]
    public void The_words_of_the_files_are_counted()
    {
        using var host = Run("word-count.ps1", _folder.Write("a.md", "oak elm oak\noak ash"));

        Assert.Matches(@"3\s+oak", host.Output);
    }

    [Fact]
    public void Counting_words_reaches_its_end()
    {
        using var host = Run("word-count.ps1", _folder.Write("a.md", "oak"));

        Assert.True(host.WaitForExit() == 0 && host.Output.Contains("completed", StringComparison.Ordinal), host.Output + host.Error);
    }

    [Fact]
    public void Counting_words_leaves_rows_in_the_three_relations()
    {
        // The session brings the library that reads.
        using var session = new ModuleSession();
        using var host = Run("word-count.ps1", _folder.Write("a.md", "oak"));

        session.Run("$null = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag").Sound();
        Assert.Equal(
            "1|1|1",
            StoreReader.Query(
                _folder.File("runs.db"),
                "SELECT (SELECT count(*) > 0 FROM dag_runs), (SELECT count(*) > 0 FROM node_executions), (SELECT count(*) > 0 FROM edge_traversals)"));
    }

    private HostProcess Run(string example, params string[] paths)
    {
        string[] arguments = [Repository.Example(example), .. paths, "-DatabasePath", _folder.File("runs.db")];
        var process = new HostProcess(_folder.Path, null, arguments);
        process.WaitForExit();
        return process;
    }
}
