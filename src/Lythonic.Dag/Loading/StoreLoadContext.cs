using System.Reflection;
using System.Runtime.Loader;

namespace Lythonic.Dag.Loading;

/// <summary>
/// The private load context of the store and its packages, so that another module's SQLite does not meet this one's. What the module shares
/// with it, the engine, comes from where the module itself was loaded: its types are the same on both sides.
/// </summary>
internal sealed class StoreLoadContext : AssemblyLoadContext
{
    private static readonly Assembly Engine = typeof(DagProvenance).Assembly;

    private readonly AssemblyDependencyResolver _resolver;

    public StoreLoadContext(string storeAssembly)
        : base("Lythonic.Dag store") => _resolver = new AssemblyDependencyResolver(storeAssembly);

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == Engine.GetName().Name)
            return Engine;
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
