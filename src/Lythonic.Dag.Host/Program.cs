using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Host;

/// <summary>Runs a script with the module loaded, on the PowerShell engine package.</summary>
internal static class Program
{
    private const int Usage = 64;
    private const int NoInput = 66;
    private const int Interrupted = 130;

    private static int Main(string[] args)
    {
        if (args.Length == 0)
            return Say(Usage, "usage: dotnet run --project src/Lythonic.Dag.Host -- SCRIPT [ARGS]");
        var script = Path.GetFullPath(args[0]);
        if (!File.Exists(script))
            return Say(NoInput, $"The script '{args[0]}' does not exist.");
        if (ModuleManifest.Find() is not { } manifest)
            return Say(NoInput, "The module is not built: no Lythonic.Dag.psd1 with its lib folder lies above the host. Run 'dotnet build' first.");
        Parser.ParseFile(script, out _, out var problems);
        if (problems.Length > 0)
            return Say(1, string.Join(Environment.NewLine, problems.Select(problem => $"ERROR: {problem.Message}{Environment.NewLine}At {script}:{problem.Extent.StartLineNumber}")));
        var host = new ConsoleHost();
        using var runspace = RunspaceFactory.CreateRunspace(host, InitialSessionState.CreateDefault2());
        runspace.Open();
        // The current thread has no session of its own: what runs on it, such as a type converter, uses this one.
        Runspace.DefaultRunspace = runspace;
        return Run(host, runspace, manifest, script, args[1..]);
    }

    private static int Run(ConsoleHost host, Runspace runspace, string manifest, string script, string[] args)
    {
        using var shell = PowerShell.Create(runspace);
        ConsoleStreams.Attach(shell, host);
        shell.AddScript(Invocation.Of(args)).AddParameter("__manifest", manifest).AddParameter("__script", script).AddParameter("__values", args);
        var interrupted = false;
        Console.CancelKeyPress += (_, press) =>
        {
            // The first press stops the run; a second one ends the process.
            press.Cancel = !interrupted;
            interrupted = true;
            shell.BeginStop(static _ => { }, null);
        };
        try
        {
            using var output = new PSDataCollection<PSObject>();
            output.DataAdded += (_, _) => ConsoleStreams.WriteOutput(output);
            shell.Invoke<PSObject, PSObject>(null, output, new PSInvocationSettings());
        }
        catch (PipelineStoppedException) when (interrupted)
        {
            return Interrupted;
        }
        catch (RuntimeException error)
        {
            ConsoleStreams.WriteError(error.ErrorRecord);
            return 1;
        }

        return interrupted ? Interrupted : host.ExitCode ?? 0;
    }

    private static int Say(int exitCode, string line)
    {
        Console.Error.WriteLine(line);
        return exitCode;
    }
}
