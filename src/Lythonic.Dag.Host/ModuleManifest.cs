namespace Lythonic.Dag.Host;

/// <summary>Finds the built module.</summary>
internal static class ModuleManifest
{
    /// <summary>The manifest in the nearest folder above the host that has one, and its lib folder; or <see langword="null"/>.</summary>
    public static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var manifest = Path.Combine(folder.FullName, "Lythonic.Dag.psd1");
            if (File.Exists(manifest) && File.Exists(Path.Combine(folder.FullName, "lib", "Lythonic.Dag.dll")))
                return manifest;
        }

        return null;
    }
}
