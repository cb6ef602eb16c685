using System.Reflection;

namespace Lythonic.Dag.Runspace.Tests.Harness;

/// <summary>Finds the repository and its files, upwards from the test assembly.</summary>
internal static class Repository
{
    private const string ManifestName = "Lythonic.Dag.psd1";

    public static string Root { get; } = FindRoot();

    public static string Manifest { get; } = Path.Combine(Root, ManifestName);

    /// <summary>The library of PowerShell, which dotnet runs: what <c>tests/Shell.proj</c> made, or else that of the tool.</summary>
    public static string PowerShell { get; } = FindPowerShell();

    private static string FindPowerShell()
    {
        var made = Path.Combine(Root, "artifacts", "shell", Metadata("PowerShellVersion"), "pwsh.dll");
        return File.Exists(made)
            ? made
            : Path.Combine(Metadata("PowerShellTool"), OperatingSystem.IsWindows() ? "win" : "unix", "pwsh.dll");
    }

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == key).Value!;

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
