using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

namespace Lythonic.Dag.Host;

/// <summary>A session of the PowerShell engine that runs one script on the calling thread.</summary>
internal sealed class ScriptSession : IDisposable
{
    private readonly HostConsole _host;
    private readonly Runspace _runspace;

    /// <summary>Opens the session.</summary>
    /// <param name="host">What the script writes to.</param>
    public ScriptSession(HostConsole host)
    {
        _host = host;
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = ExecutionPolicy.RemoteSigned;
        _runspace = RunspaceFactory.CreateRunspace(host, state);
        _runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        _runspace.Open();
        Runspace.DefaultRunspace = _runspace;
    }

    /// <summary>Imports a module.</summary>
    /// <param name="manifest">The path of its manifest.</param>
    /// <returns>Why it did not load, or <see langword="null"/>.</returns>
    public string? Import(string manifest)
    {
        using var pipeline = _runspace.CreatePipeline();
        var import = new Command("Import-Module");
        import.Parameters.Add("Name", manifest);
        import.Parameters.Add("ErrorAction", ActionPreference.Stop);
        pipeline.Commands.Add(import);
        try
        {
            pipeline.Invoke();
            return null;
        }
        catch (RuntimeException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Runs a script to its end.</summary>
    /// <param name="script">Its full path.</param>
    /// <param name="arguments">Its arguments, as the command line gave them.</param>
    /// <returns>The exit code.</returns>
    public int Run(string script, IEnumerable<string> arguments)
    {
        using var pipeline = _runspace.CreatePipeline();
        pipeline.Commands.Add(ToCommand(script, arguments));
        pipeline.Commands.Add("Out-Default");
        using var interrupt = new InterruptKey(pipeline.StopAsync);
        try
        {
            pipeline.Invoke();
        }
        catch (PipelineStoppedException)
        {
            // Ctrl+C, or a script that stopped itself; the state below says so too.
        }
        catch (RuntimeException exception)
        {
            Show(exception.ErrorRecord);
        }

        return ToExitCode(script, pipeline, interrupt);
    }

    /// <inheritdoc/>
    public void Dispose() => _runspace.Dispose();

    private static Command ToCommand(string script, IEnumerable<string> arguments)
    {
        var command = new Command(script, isScript: false, useLocalScope: true);
        foreach (var parameter in ArgumentParser.Parse(arguments))
            command.Parameters.Add(parameter);
        command.MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        return command;
    }

    private int ToExitCode(string script, Pipeline pipeline, InterruptKey interrupt)
    {
        if (interrupt.WasPressed)
            return HostExitCode.Interrupted;
        if (_host.ExitCode is { } code)
            return code;
        if (pipeline.PipelineStateInfo.State != PipelineState.Completed)
            return HostExitCode.ScriptFailed;

        // A script that says `exit 3` leaves 3 in $LASTEXITCODE, but so does a native command that failed in it: only
        // where the script says `exit` somewhere is the number taken for its own.
        return pipeline.HadErrors && SaysExit(script) && _runspace.SessionStateProxy.GetVariable("LASTEXITCODE") is int last
            ? last
            : HostExitCode.Success;
    }

    private static bool SaysExit(string script) =>
        Parser.ParseFile(script, out _, out _).Find(ast => ast is ExitStatementAst, searchNestedScriptBlocks: true) is not null;

    private void Show(ErrorRecord error)
    {
        _host.UI.WriteErrorLine($"ERROR: {error.ErrorDetails?.Message ?? error.Exception.Message}");
        if (error.InvocationInfo?.PositionMessage is { Length: > 0 } position)
            _host.UI.WriteErrorLine(position);
        if (error.ErrorDetails?.RecommendedAction is { Length: > 0 } action)
            _host.UI.WriteErrorLine($"  {action}");
    }
}
