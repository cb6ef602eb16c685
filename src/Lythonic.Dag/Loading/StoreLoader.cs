using System.Reflection;

namespace Lythonic.Dag.Loading;

/// <summary>Loads the SQLite store from <c>deps/</c> beside the module, once in a process.</summary>
internal static class StoreLoader
{
    // Static, because load contexts belong to the process: the assembly is loaded once, even after Import-Module -Force.
    private static readonly Lazy<Type> Store = new(
        () => DependencyLoadContext.Load("Lythonic.Dag.Sqlite").GetType("Lythonic.Dag.Sqlite.SqliteProvenance", throwOnError: true)!);

    /// <summary>Makes a store for a database file. Nothing is opened or created yet.</summary>
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
}
