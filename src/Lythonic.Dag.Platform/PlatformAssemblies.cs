using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Lythonic.Dag.Platform;

/// <summary>
/// Loads the assemblies of the module that were compiled for this platform, if the module has such. The manifest names this assembly first.
/// When PowerShell then asks for the portable assemblies, it gets those that are loaded already: they are the same assemblies with the same
/// identity.
/// </summary>
public sealed class PlatformAssemblies : IModuleAssemblyInitializer
{
    // Other files are found by their place beside the engine.
    private static readonly string[] InOrderOfNeed = ["Lythonic.Dag.Engine.dll", "Lythonic.Dag.dll"];

    /// <inheritdoc/>
    public void OnImport()
    {
        var module = Path.GetDirectoryName(typeof(PlatformAssemblies).Assembly.Location)!;
        if (FolderName() is not { } name || Path.Combine(module, name) is not { } folder || !Directory.Exists(folder))
            return;
        foreach (var assembly in InOrderOfNeed)
            AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(folder, assembly));
    }

    // The runtime's own name of the platform is not used: a runtime that a Linux distribution built has the distribution's name in it.
    private static string? FolderName()
    {
        var processor = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        return OperatingSystem.IsWindows() ? $"win-{processor}"
            : OperatingSystem.IsMacOS() ? $"osx-{processor}"
            : OperatingSystem.IsLinux() && !IsMusl() ? $"linux-{processor}"
            : null;
    }

    private static bool IsMusl() => RuntimeInformation.RuntimeIdentifier is var name
        && (name.Contains("musl", StringComparison.Ordinal) || name.StartsWith("alpine", StringComparison.Ordinal));
}
