using System.Reflection;

namespace Lythonic.Dag.Loading;

/// <summary>Loads the SQLite store from <c>deps/</c> beside the module, once a process.</summary>
internal static class StoreLoader
{
    // Of the process, as load contexts are: an assembly is loaded once, also over Import-Module -Force.
    private static readonly Lazy<Type> Store = new(Load);

    /// <summary>Names a database; nothing is opened or made yet.</summary>
    /// <param name="path">The file's full path.</param>
    /// <param name="full">Whether each commit is synced to the disk.</param>
    public static DagProvenance Open(string path, bool full)
    {
        try
        {
            return (DagProvenance)Activator.CreateInstance(Store.Value, path, full)!;
        }
        catch (TargetInvocationException error) when (error.InnerException is { } cause)
        {
            throw new DagException(
                DagErrorId.DagDatabaseInvalid, $"The database {path} cannot be used: {cause.Message}", path, null, cause);
        }
    }

    private static Type Load()
    {
        var folder = Path.GetDirectoryName(typeof(StoreLoader).Assembly.Location)!;
        var file = Path.Combine(folder, "deps", "Lythonic.Dag.Sqlite.dll");
        return new StoreLoadContext(file).LoadFromAssemblyPath(file).GetType("Lythonic.Dag.Sqlite.SqliteProvenance", throwOnError: true)!;
    }
}
