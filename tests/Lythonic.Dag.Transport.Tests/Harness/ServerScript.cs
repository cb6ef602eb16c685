using System.Diagnostics;

namespace Lythonic.Dag.Transport.Tests.Harness;

/// <summary>Runs the scripts that start and end real servers, which the Pester suite uses too.</summary>
internal static class ServerScript
{
    // The servers inherit the open handles of the script. A pipe would stay open until they end.
    private const string ToLog = "log=$1; shift; exec sh \"$@\" >\"$log\" 2>&1";

    /// <summary>Why the servers cannot run here, or <see langword="null"/>.</summary>
    public static string? Check(string script) => Run(script, "check") is (not 0, var reason) ? reason.Trim() : null;

    /// <summary>Runs a script.</summary>
    public static (int ExitCode, string Output) Run(string script, params string[] arguments)
    {
        var log = Path.GetTempFileName();
        try
        {
            using var process = Process.Start(
                "/bin/sh", ["-c", ToLog, "sh", log, Path.Combine(Repository.Root, "tests", "Hosts", script), .. arguments]);
            process.WaitForExit();
            return (process.ExitCode, File.ReadAllText(log));
        }
        finally
        {
            File.Delete(log);
        }
    }
}
