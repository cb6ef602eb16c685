using System.Management.Automation.Language;

namespace Lythonic.Dag.Host;

/// <summary>The entry point: <c>SCRIPT [ARGS]</c>.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is [] or ["-h" or "--help" or "-?"])
        {
            Console.Error.WriteLine("usage: Lythonic.Dag.Host SCRIPT [ARGS]    runs a PowerShell script with the module Lythonic.Dag loaded");
            return args is [] ? HostExitCode.Usage : HostExitCode.Success;
        }

        var script = Path.GetFullPath(args[0]);
        if (!File.Exists(script))
            return Refuse(HostExitCode.NoScript, $"there is no script '{script}'");
        if (ModuleManifest.FindFrom(AppContext.BaseDirectory) is not { } manifest)
            return Refuse(HostExitCode.NoModule, $"the module is not built: no {ModuleManifest.FileName} with its lib folder lies above the host; run 'dotnet build' first");
        if (Problems(script) is { Length: > 0 } problems)
            return Refuse(HostExitCode.ScriptFailed, problems);

        using var session = new ScriptSession(new HostConsole());
        if (session.Import(manifest) is { } reason)
            return Refuse(HostExitCode.NoModule, $"the module '{manifest}' did not load: {reason}");

        return session.Run(script, args[1..]);
    }

    // The engine would take a script that does not parse for one that does nothing.
    private static string Problems(string script)
    {
        Parser.ParseFile(script, out _, out var problems);
        return string.Join("; ", problems.Select(problem => $"{problem.Message} ({script}:{problem.Extent.StartLineNumber})"));
    }

    private static int Refuse(int exitCode, string reason)
    {
        Console.Error.WriteLine($"Lythonic.Dag.Host: {reason.ReplaceLineEndings(" ")}");
        return exitCode;
    }
}
