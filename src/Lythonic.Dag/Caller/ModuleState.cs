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

    /// <summary>The state of a module that is not loaded: the time of its files if it is named by its path, otherwise nothing.</summary>
    public static ModuleState Unknown(string name)
    {
        var isFolder = Directory.Exists(name);
        if (!isFolder && !File.Exists(name))
            return new(name, "");
        var (folder, file) = isFolder ? (name, "") : (Path.GetDirectoryName(name), name);
        return new(name, WrittenAt(Path.GetFileNameWithoutExtension(name), folder, file).Ticks.ToString(CultureInfo.InvariantCulture));
    }

    private static DateTime WrittenAt(PSModuleInfo module) => WrittenAt(module.Name, module.ModuleBase, module.Path);

    private static DateTime WrittenAt(string module, string? folder, string file)
    {
        var files = IsFolder(module, folder)
            ? Patterns.SelectMany(pattern => Directory.EnumerateFiles(
                folder!, pattern, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }))
            : File.Exists(file) ? [file] : [];
        return files.Take(MostFiles).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty().Max();
    }

    private static bool IsFolder(string module, string? path)
    {
        if (string.IsNullOrEmpty(path) || !Directory.Exists(path))
            return false;
        var folder = new DirectoryInfo(path);
        bool HasItsName(DirectoryInfo? at) => at is not null && at.Name.Equals(module, StringComparison.OrdinalIgnoreCase);
        return HasItsName(folder) || (Version.TryParse(folder.Name, out _) && HasItsName(folder.Parent));
    }
}
