namespace Lythonic.Dag.Engine.Tests.Surface;

/// <summary>The lines of the project's own code.</summary>
internal static class SourceLines
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The lines of every C# file in a folder, with file and line number.</summary>
    public static IEnumerable<(string File, string Place, string Text)> Under(string folder) =>
        from file in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal)
        from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
        select (path, $"{path}:{line.Number}", line.Text);

    /// <summary>Fails with all places that were found.</summary>
    public static void None(IEnumerable<string> places)
    {
        var found = places.ToList();
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Lythonic.Dag.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"There is no solution in or above '{AppContext.BaseDirectory}'.");
    }
}
