using System.Globalization;
using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>The identity of a module that code takes along: its version, and when its files were last written.</summary>
/// <param name="Name">The module's name.</param>
/// <param name="State">The rest, as a text.</param>
internal sealed record ModuleState(string Name, string State)
{
    private const int MostFiles = 5_000;

    // A module that is one file has the folder of that file for its own, whatever else lies there.
    private static readonly string[] Patterns = ["*.ps1", "*.psm1", "*.psd1", "*.ps1xml", "*.cdxml", "*.dll"];

    /// <summary>The state of a module that is loaded or could be.</summary>
    public static ModuleState Capture(PSModuleInfo module) => new(
        module.Name,
        string.Create(CultureInfo.InvariantCulture, $"{module.Version}/{WrittenAt(module).Ticks}"));

    /// <summary>The state of a module that is named and cannot be found.</summary>
    public static ModuleState Unknown(string name) =>
        new(name, File.Exists(name) ? File.GetLastWriteTimeUtc(name).Ticks.ToString(CultureInfo.InvariantCulture) : "");

    private static DateTime WrittenAt(PSModuleInfo module)
    {
        var files = IsFolder(module)
            ? Patterns.SelectMany(pattern => Directory.EnumerateFiles(
                module.ModuleBase, pattern, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }))
            : File.Exists(module.Path) ? [module.Path] : [];
        return files.Take(MostFiles).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty().Max();
    }

    private static bool IsFolder(PSModuleInfo module)
    {
        if (string.IsNullOrEmpty(module.ModuleBase) || !Directory.Exists(module.ModuleBase))
            return false;
        var folder = new DirectoryInfo(module.ModuleBase);
        bool HasItsName(DirectoryInfo? at) => at is not null && at.Name.Equals(module.Name, StringComparison.OrdinalIgnoreCase);
        return HasItsName(folder) || (Version.TryParse(folder.Name, out _) && HasItsName(folder.Parent));
    }
}
