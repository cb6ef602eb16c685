using System.Text.RegularExpressions;

namespace Lythonic.Dag.Sqlite.Tests.Documents;

/// <summary>The program of docs/csharp.md: these tests are compiled with docs/examples/Shop.cs.</summary>
public sealed partial class CSharpGuideTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_guide_shows_the_program_as_it_is() => Assert.Equal(Read("docs/examples/Shop.cs"), Block("csharp"));

    [Fact]
    public async Task The_program_writes_what_the_guide_says()
    {
        using var written = new StringWriter { NewLine = "\n" };

        await new Shop(written).RunAsync(_folder.Database);

        Assert.Equal(Block("Output"), written.ToString());
    }

    private static string Block(string language) =>
        Blocks().Matches(Read("docs/csharp.md")).Single(block => block.Groups[1].Value == language).Groups[2].Value;

    private static string Read(string path) => File.ReadAllText(Path.Combine(Root(), path)).ReplaceLineEndings("\n");

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "docs", "csharp.md")))
            folder = folder.Parent ?? throw new FileNotFoundException("docs/csharp.md");
        return folder.FullName;
    }

    [GeneratedRegex("^```(\\w+)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();
}
