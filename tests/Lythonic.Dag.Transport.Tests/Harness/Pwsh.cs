namespace Lythonic.Dag.Transport.Tests.Harness;

/// <summary>The PowerShell of the tool manifest, or else the one on the path.</summary>
internal static class Pwsh
{
    /// <summary>The program with the arguments that it always needs; empty if there is none.</summary>
    public static IReadOnlyList<string> Words { get; } = Find();

    /// <summary>Why tests that need one cannot run, or <see langword="null"/>.</summary>
    public static string? Missing => Words.Count == 0 ? "There is no pwsh: run 'dotnet tool restore', or put one on the path." : null;

    /// <summary>Its folder, as <c>$PSHOME</c> says it.</summary>
    public static string Home => Path.GetDirectoryName(Words[^1])!;

    private static IReadOnlyList<string> Find()
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var version = Repository.PowerShellVersion();
        string[] libraries =
        [
            // The copy of the tool that tests/Shell.proj makes.
            Path.Combine(Repository.Root, "artifacts", "shell", version, "pwsh.dll"),
            Path.Combine(
                packages, "powershell", version, "tools", "net10.0", "any", OperatingSystem.IsWindows() ? "win" : "unix", "pwsh.dll"),
        ];
        if (libraries.FirstOrDefault(File.Exists) is { } library)
            return [Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet", library];
        var name = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return program is null ? [] : [File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program];
    }
}
