using System.Runtime.Loader;

namespace Lythonic.Dag.Loading;

/// <summary>Loads the transport, which is beside the module. Code that mentions its types may be called only after this.</summary>
internal static class TransportLoader
{
    private static readonly Lazy<bool> Loaded = new(LoadOnce);

    /// <summary>Whether it is loaded. If not, no host has been named yet.</summary>
    public static bool IsLoaded => Loaded.IsValueCreated;

    /// <summary>Loads it, once in a process.</summary>
    public static void Load() => _ = Loaded.Value;

    // Load it by its path. If the module has assemblies for the platform, they are in a folder where the runtime does not look.
    private static bool LoadOnce()
    {
        var folder = Path.GetDirectoryName(typeof(TransportLoader).Assembly.Location)!;
        AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(folder, "Lythonic.Dag.Transport.dll"));
        return true;
    }
}
