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
    private readonly Lazy<AssemblyDependencyResolver?> _portable;

    private DependencyLoadContext(string name, string file, string portable)
        : base(name)
    {
        _resolver = new AssemblyDependencyResolver(file);
        _portable = new(() => file == portable ? null : new AssemblyDependencyResolver(portable));
    }

    /// <summary>Loads an assembly into a context of its own.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="room">The folder in <c>deps/</c> that it is in.</param>
    public static Assembly Load(string name, string room = "")
    {
        var folder = Path.GetDirectoryName(typeof(DependencyLoadContext).Assembly.Location)!;
        var file = Path.Combine(folder, "deps", room, $"{name}.dll");
        // What is not compiled for platforms is only beside the portable assemblies: some assemblies, and all native libraries.
        var portable = Path.GetFullPath(Path.Combine(folder, "..", "deps", room, $"{name}.dll"));
        if (!File.Exists(file))
            file = portable;
        return new DependencyLoadContext(name, file, File.Exists(portable) ? portable : file).LoadFromAssemblyPath(file);
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
        (_resolver.ResolveUnmanagedDllToPath(unmanagedDllName) ?? _portable.Value?.ResolveUnmanagedDllToPath(unmanagedDllName)) is { } path
            ? LoadUnmanagedDllFromPath(path)
            : 0;
}
