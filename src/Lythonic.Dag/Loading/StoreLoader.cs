using System.Reflection;

namespace Lythonic.Dag.Loading;

/// <summary>Loads the SQLite store from <c>deps/</c> beside the module, once a process.</summary>
internal static class StoreLoader
{
    // Of the process, as load contexts are: an assembly is loaded once, also over Import-Module -Force.
    private static readonly Lazy<Type> Store = new(
        () => DependencyLoadContext.Load("Lythonic.Dag.Sqlite").GetType("Lythonic.Dag.Sqlite.SqliteProvenance", throwOnError: true)!);

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
}
