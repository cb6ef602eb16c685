namespace Lythonic.Dag.Engine.Tests.Surface;

public sealed class LineLengthTests
{
    private const int MaximumLength = 140;

    // The text of a released migration never changes, and neither do its line breaks.
    private const string ReleasedMigrations = "src/Lythonic.Dag.Sqlite/File/ReleasedMigrations.cs";

    private static readonly string[] Folders = ["build", "docs/examples", "src", "tests"];

    [Fact]
    public void No_line_of_code_is_longer_than_140_characters()
    {
        var root = Root();
        var tooLong =
            from folder in Folders
            from file in Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories)
            let path = Path.GetRelativePath(root, file).Replace('\\', '/')
            where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal)
            where path != ReleasedMigrations
            from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
            where line.Text.Length > MaximumLength
            select $"{path}:{line.Number} has {line.Text.Length}";

        Assert.Empty(tooLong);
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Lythonic.Dag.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"There is no solution in or above '{AppContext.BaseDirectory}'.");
    }
}
