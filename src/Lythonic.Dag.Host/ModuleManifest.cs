namespace Lythonic.Dag.Host;

/// <summary>Where the module is.</summary>
internal static class ModuleManifest
{
    /// <summary>The manifest's file name.</summary>
    public const string FileName = "Lythonic.Dag.psd1";

    /// <summary>Finds the manifest, with the built module beside it, in a folder or the nearest one above it.</summary>
    /// <param name="folder">Where to begin.</param>
    /// <returns>The manifest's full path, or <see langword="null"/>.</returns>
    public static string? FindFrom(string folder)
    {
        for (var current = new DirectoryInfo(folder); current is not null; current = current.Parent)
        {
            var candidate = Path.Combine(current.FullName, FileName);
            if (File.Exists(candidate) && File.Exists(Path.Combine(current.FullName, "lib", "Lythonic.Dag.dll")))
                return candidate;
        }

        return null;
    }
}
