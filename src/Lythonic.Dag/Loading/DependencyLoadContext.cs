using System.Reflection;
using System.Runtime.Loader;

namespace Lythonic.Dag.Loading;

/// <summary>
/// The private load context of an assembly in <c>deps/</c> and its packages, so that they do not conflict with those of another module,
/// such as another SQLite. The engine, which the module shares with that assembly, is not loaded again, so that its types are the same on
/// both sides.
/// </summary>
internal sealed class DependencyLoadContext : AssemblyLoadContext
{
    private static readonly Assembly Engine = typeof(DagProvenance).Assembly;

    private readonly AssemblyDependencyResolver _resolver;

    private DependencyLoadContext(string name, string file)
        : base(name) => _resolver = new AssemblyDependencyResolver(file);

    /// <summary>Loads an assembly into a context of its own.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="room">The folder in <c>deps/</c> that it is in.</param>
    public static Assembly Load(string name, string room = "")
    {
        var folder = Path.GetDirectoryName(typeof(DependencyLoadContext).Assembly.Location)!;
        var file = Path.Combine(folder, "deps", room, $"{name}.dll");
        // An assembly that is not compiled for platforms is only beside the portable assemblies.
        if (!File.Exists(file))
            file = Path.Combine(folder, "..", "deps", room, $"{name}.dll");
        file = Path.GetFullPath(file);
        return new DependencyLoadContext(name, file).LoadFromAssemblyPath(file);
    }

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
