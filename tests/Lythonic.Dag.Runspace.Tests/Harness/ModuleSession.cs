using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Runspace.Tests.Harness;

/// <summary>The staged module in a runspace of the real engine, with a temporary folder and a database of its own.</summary>
/// <remarks>
/// Each session names its database through <c>$PSDefaultParameterValues</c>, not through the environment, which all tests of the
/// process share. Scripts have <c>$Folder</c> and <c>$Database</c>.
/// </remarks>
internal sealed class ModuleSession : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly System.Management.Automation.Runspaces.Runspace _runspace;

    /// <param name="database">The database; <see langword="null"/> for one of its own.</param>
    public ModuleSession(string? database = null)
    {
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
        Database = database ?? _folder.File("runs.db");
        Set("Folder", _folder.Path);
        Set("Database", Database);
        Set("PSDefaultParameterValues", new DefaultParameterDictionary { ["*-Dag*:DatabasePath"] = Database });
        Run($"Import-Module '{Repository.Manifest}' -ErrorAction Stop").Sound();
    }

    public string Database { get; }

    public TempFolder Folder => _folder;

    public void Set(string variable, object? value) => _runspace.SessionStateProxy.SetVariable(variable, value);

    public ScriptResult RunFile(string path) => Run($"& '{path}'");

    public ScriptResult Run(string script)
    {
        using var shell = PowerShell.Create(_runspace);
        return Record(shell.AddScript(script), null);
    }

    /// <summary>Runs a script and stops it once a condition holds, as Ctrl+C does.</summary>
    public ScriptResult RunAndStop(string script, Func<bool> when)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        using var timer = new Timer(
            _ =>
            {
                if (when() && shell.InvocationStateInfo.State == PSInvocationState.Running)
                    shell.BeginStop(null, null);
            },
            null,
            TimeSpan.Zero,
            TimeSpan.FromMilliseconds(20));
        return Record(shell, timer);
    }

    public void Dispose()
    {
        _runspace.Dispose();
        _folder.Dispose();
    }

    private ScriptResult Record(PowerShell shell, Timer? timer)
    {
        var output = new PSDataCollection<PSObject?>();
        ErrorRecord? terminating = null;
        shell.Streams.Progress.DataAdded += (_, added) => global::Tests.Shown.Add(_folder.Path, shell.Streams.Progress[added.Index]);
        try
        {
            shell.Invoke(null, output);
        }
        catch (RuntimeException exception)
        {
            terminating = exception.ErrorRecord;
        }

        timer?.Change(Timeout.Infinite, Timeout.Infinite);
        var streams = shell.Streams;
        return new ScriptResult(
            [.. output], [.. streams.Error], [.. streams.Warning], [.. streams.Verbose], [.. streams.Debug],
            [.. streams.Information], [.. streams.Progress], terminating);
    }
}
