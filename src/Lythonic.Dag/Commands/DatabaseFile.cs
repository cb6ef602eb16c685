using System.Management.Automation;

namespace Lythonic.Dag.Commands;

/// <summary>Which database a cmdlet uses.</summary>
internal static class DatabaseFile
{
    private const string Variable = "LYTHONIC_DAG_DB";

    /// <summary>The full path of what was given, as PowerShell reads paths; else the default.</summary>
    public static string Of(PSCmdlet cmdlet, string? given)
    {
        var path = string.IsNullOrEmpty(given) ? Environment.GetEnvironmentVariable(Variable) : given;
        return string.IsNullOrEmpty(path) ? Default(null) : cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
    }

    /// <summary>The full path of what was given, else of <c>$env:LYTHONIC_DAG_DB</c>, else <c>runs.db</c> in the user's data folder.</summary>
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
