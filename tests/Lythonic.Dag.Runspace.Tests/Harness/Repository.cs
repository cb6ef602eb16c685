namespace Lythonic.Dag.Runspace.Tests.Harness;

/// <summary>Where things are, found upwards from the test assembly.</summary>
internal static class Repository
{
    private const string ManifestName = "Lythonic.Dag.psd1";

    public static string Root { get; } = FindRoot();

    public static string Manifest { get; } = Path.Combine(Root, ManifestName);

    /// <summary>The host that was built in the same configuration as this assembly.</summary>
    public static string Host { get; } = Path.Combine(
        Root, "src", "Lythonic.Dag.Host", "bin", Configuration(), "net10.0", "Lythonic.Dag.Host.dll");

    public static string Example(string name) => Path.Combine(Root, "docs", "examples", name);

    private static string Configuration() => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

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
