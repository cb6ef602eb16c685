using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.RegularExpressions;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Help;

/// <summary>The examples of the pages write what the pages say. The Pester suite runs them in pwsh.</summary>
[Collection(OwnEnvironment.Name)]
public sealed partial class HelpExampleTests
{
    private const string DatabaseVariable = "LYTHONIC_DAG_DB";

    public static IEnumerable<HelpExample> All => HelpPage.OfCmdlets.Values.Append(HelpPage.About).SelectMany(page => page.Examples);

    public static TheoryData<string> Titles => [.. All.Select(example => $"{example}")];

    [Fact]
    public void Every_page_has_three_examples_and_every_example_has_its_output()
    {
        Assert.Empty(HelpPage.OfCmdlets.Values.Where(page => page.Examples.Count < 3).Select(page => page.Name));
        Assert.Empty(HelpPage.OfCmdlets.Values.Append(HelpPage.About).Where(page => page.Examples.Count != page.CodeBlocks).Select(page => page.Name));
    }

    [Theory]
    [MemberData(nameof(Titles))]
    public void The_example_writes_what_its_page_says(string title)
    {
        var example = All.Single(candidate => $"{candidate}" == title);
        Assert.Equal(Comparable(example.Output), Comparable(Shown(example.Code)));
    }

    // As at a prompt: a session of its own, and the default database, which is in a folder of its own.
    private static string Shown(string code)
    {
        var folder = Directory.CreateTempSubdirectory("lythonic-dag-help-").FullName;
        var before = Environment.GetEnvironmentVariable(DatabaseVariable);
        Environment.SetEnvironmentVariable(DatabaseVariable, Path.Combine(folder, "runs.db"));
        var host = new TranscriptHost();
        using var runspace = RunspaceFactory.CreateRunspace(host, InitialSessionState.CreateDefault2());
        runspace.Open();
        try
        {
            using var shell = PowerShell.Create(runspace);
            shell.AddScript($"Import-Module '{Repository.Manifest}'", useLocalScope: false).Invoke();
            shell.Commands.Clear();
            shell.AddScript(code).AddCommand("Out-Default").Invoke();
            Assert.Empty(shell.Streams.Error);
            return host.Text;
        }
        finally
        {
            Environment.SetEnvironmentVariable(DatabaseVariable, before);
            DeleteDatabase(runspace);
            runspace.Close();
            Directory.Delete(folder, true);
        }
    }

    private static void DeleteDatabase(System.Management.Automation.Runspaces.Runspace runspace)
    {
        if (runspace.SessionStateProxy.GetVariable("db") is string database)
        {
            foreach (var suffix in (string[])["", "-wal", "-shm"])
                File.Delete(database + suffix);
        }
    }

    // Run ids are new each time.
    private static string Comparable(string text) => RunIdPattern().Replace(string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim('\n'), "<run id>");

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex RunIdPattern();
}
