using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Lythonic.Dag.Platform;

/// <summary>
/// Loads the module's assemblies as they were compiled for this platform, where the module has such. The manifest names this assembly
/// first, so that PowerShell, when it asks for the portable ones, is given those that are there: they are the same assemblies, and have the
/// same identity.
/// </summary>
public sealed class PlatformAssemblies : IModuleAssemblyInitializer
{
    // What the engine's folder has beside them is found by its place there.
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

    // Not the runtime's own name of the platform: a Linux distribution's build of the runtime says its name instead of linux.
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
