using System.Management.Automation;
using System.Text.RegularExpressions;

namespace Lythonic.Dag.Runspace.Tests.Harness;

/// <summary>The staged module in a runspace of the real engine, with a temporary folder and a database of its own.</summary>
/// <remarks>
/// Each session names its database through <c>$PSDefaultParameterValues</c>, not through the environment, which all tests of the
/// process share. Scripts have <c>$Folder</c> and <c>$Database</c>. The runspace comes from the <see cref="SessionPool"/>, and goes
/// back to it, unless a script was stopped in it or changed what cannot be taken back.
/// </remarks>
internal sealed partial class ModuleSession : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly System.Management.Automation.Runspaces.Runspace _runspace;
    private bool _isChanged;

    /// <param name="database">The database; <see langword="null"/> for one of its own.</param>
    public ModuleSession(string? database = null)
    {
        _runspace = SessionPool.Take();
        Database = database ?? _folder.File("runs.db");
        Set("Folder", _folder.Path);
        Set("Database", Database);
        Set("PSDefaultParameterValues", new DefaultParameterDictionary { ["*-Dag*:DatabasePath"] = Database });
    }

    public string Database { get; }

    public TempFolder Folder => _folder;

    public void Set(string variable, object? value) => _runspace.SessionStateProxy.SetVariable(variable, value);

    public ScriptResult RunFile(string path) => Run($"& '{path}'");

    public ScriptResult Run(string script)
    {
        _isChanged |= Changes().IsMatch(script);
        using var shell = PowerShell.Create(_runspace);
        return Record(shell.AddScript(script), null);
    }

    /// <summary>Runs a script and stops it once a condition holds, as Ctrl+C does.</summary>
    public ScriptResult RunAndStop(string script, Func<bool> when)
    {
        _isChanged = true;
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
        SessionPool.Return(_runspace, _isChanged);
        _folder.Dispose();
    }

    [GeneratedRegex(
        @"(Import|Remove|New)-Module|Update-(Type|Format)Data|Set-StrictMode|Register-ArgumentCompleter|-\w*Job\b|& '",
        RegexOptions.IgnoreCase)]
    private static partial Regex Changes();

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
