using System.Xml.Linq;

namespace Lythonic.Dag.Transport.Tests.Harness;

/// <summary>Finds the repository and its files, upwards from the test assembly.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The version of PowerShell that the tests are for.</summary>
    public static string PowerShellVersion() =>
        XDocument.Load(Path.Combine(Root, "Directory.Packages.props")).Descendants("PowerShellVersion").First().Value;

    // The scripts of this project load it into a PowerShell, whose own folder is the base directory.
    private static string Here => Path.GetDirectoryName(typeof(Repository).Assembly.Location)!;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(Here); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Lythonic.Dag.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"There is no solution in or above '{Here}'.");
    }
}
