using System.Runtime.Loader;

namespace Lythonic.Dag.Loading;

/// <summary>Loads the transport, which lies beside the module: code that mentions its types is called after this.</summary>
internal static class TransportLoader
{
    private static readonly Lazy<bool> Loaded = new(LoadOnce);

    /// <summary>Whether it is loaded: no host was named before that.</summary>
    public static bool IsLoaded => Loaded.IsValueCreated;

    /// <summary>Loads it, once a process.</summary>
    public static void Load() => _ = Loaded.Value;

    // By its path: the folder is another one where the module has assemblies for the platform, and the runtime does not look there.
    private static bool LoadOnce()
    {
        var folder = Path.GetDirectoryName(typeof(TransportLoader).Assembly.Location)!;
        AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(folder, "Lythonic.Dag.Transport.dll"));
        return true;
    }
}
