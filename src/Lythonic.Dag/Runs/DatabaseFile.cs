using System.Management.Automation;
using Lythonic.Dag.Commands;
using Lythonic.Dag.Errors;

namespace Lythonic.Dag.Runs;

/// <summary>Finds the database file that a cmdlet uses.</summary>
internal static class DatabaseFile
{
    private const string Variable = "LYTHONIC_DAG_DB";
    private const string FileSystem = "FileSystem";

    /// <summary>The full path of the given file, resolved as PowerShell resolves paths; without one, the default.</summary>
    /// <param name="cmdlet">The cmdlet. If the path is not that of a file, <see cref="DagErrorId.DagDatabaseInvalid"/> ends it.</param>
    /// <param name="given">The value of <c>-DatabasePath</c>, or <see langword="null"/>.</param>
    /// <exception cref="DagException">
    /// <see cref="DagErrorId.DagProvenanceRequired"/>: a run that was piped or given was not kept.
    /// <see cref="DagErrorId.DagRunNotFound"/>: runs of several databases were given.
    /// </exception>
    public static string Resolve(DagCmdlet cmdlet, string? given)
    {
        // The user wrote -DatabasePath $x and $x is not set. That is not a request for the default.
        if (cmdlet.IsDatabaseNamed && string.IsNullOrWhiteSpace(given))
            cmdlet.ThrowTerminatingError(ErrorRecords.From(new DagException(
                DagErrorId.DagDatabaseInvalid,
                "-DatabasePath was given, but is empty.",
                given ?? "",
                "Name a file, or leave -DatabasePath out for the default database.")));
        if (cmdlet.IsOfUnkeptRun(given, out var runId))
            throw StoredRuns.NotKept(runId);
        if (!cmdlet.IsDatabaseNamed && OfRuns(cmdlet, given) is { } known)
            return known;
        var path = string.IsNullOrEmpty(given) ? Environment.GetEnvironmentVariable(Variable) : given;
        return string.IsNullOrEmpty(path) ? Default(null) : InFileSystem(cmdlet, path);
    }

    /// <summary>The path of a store's database, if a command must name it; <see langword="null"/> for the default one.</summary>
    public static string? NameOf(DagProvenance store) => NameOf(store.Location);

    /// <summary>A path of a database, if a command must name it; <see langword="null"/> for the default one.</summary>
    public static string? NameOf(string? path) => path == Default(null) ? null : path;

    // The database of the runs that were given as objects; null if only ids were given.
    private static string? OfRuns(DagCmdlet cmdlet, string? piped)
    {
        var databases = GivenRuns.DatabasesOf(cmdlet.MyInvocation.BoundParameters.Values);
        if (databases.Count == 0)
            return null;
        var all = string.IsNullOrEmpty(piped) ? databases : [.. databases.Append(InFileSystem(cmdlet, piped)).Distinct()];
        return all.Count == 1
            ? all[0]
            : throw new DagException(
                DagErrorId.DagRunNotFound,
                $"The runs are in different databases: {string.Join(" and ", all)}.",
                all[1],
                $"Give {cmdlet.MyInvocation.MyCommand.Name} runs of one database at a time.");
    }

    private static string InFileSystem(PSCmdlet cmdlet, string path)
    {
        if (IsPlain(path) && cmdlet.SessionState.Path.CurrentLocation is { Provider.Name: FileSystem, Drive.Root: "/" })
            return Path.GetFullPath(path);
        try
        {
            // Wildcard characters are part of the name, because the file may not exist yet.
            var file = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            if (provider.Name == FileSystem)
                return file;
            Refuse(cmdlet, path, $"is a path of the provider {provider.Name}, not of a file.", null);
        }
        catch (Exception error) when (error is SessionStateException or ProviderInvocationException or NotSupportedException)
        {
            Refuse(cmdlet, path, $"is no path: {error.Message}", error);
        }

        return path;
    }

    // An absolute path with no character that needs resolving. PowerShell lists all mounts to resolve a path, which takes as long as a
    // small run.
    private static bool IsPlain(string path) =>
        path.StartsWith('/') && path.All(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '.' or '-' or '_');

    private static void Refuse(PSCmdlet cmdlet, string path, string what, Exception? inner) => cmdlet.ThrowTerminatingError(
        ErrorRecords.From(
            new DagException(
                DagErrorId.DagDatabaseInvalid, $"The database {path} {what}", path, "Name a file with -DatabasePath.", inner)));

    /// <summary>
    /// The full path of the given file, else of <c>$env:LYTHONIC_DAG_DB</c>, else of <c>runs.db</c> in the user's data folder.
    /// </summary>
    public static string Default(string? given)
    {
        var path = string.IsNullOrEmpty(given) ? Environment.GetEnvironmentVariable(Variable) : given;
        if (!string.IsNullOrEmpty(path))
            return Path.GetFullPath(path);
        // A relative path there is invalid and ignored (XDG Base Directory Specification).
        var data = Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { } xdg && Path.IsPathFullyQualified(xdg)
            ? xdg
            : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(data, "Lythonic.Dag", "runs.db");
    }
}
