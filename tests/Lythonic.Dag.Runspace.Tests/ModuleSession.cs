using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Runspace.Tests;

/// <summary>A real runspace with the staged module, imported by its manifest; every stream is recorded. It has a database of its own, <c>$db</c>.</summary>
public sealed class ModuleSession : IDisposable
{
    private readonly System.Management.Automation.Runspaces.Runspace _runspace;

    public ModuleSession()
    {
        Folder = Directory.CreateTempSubdirectory("lythonic-dag-tests-").FullName;
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        _runspace.Open();
        Run($"Import-Module '{Path.Combine(Root, "Lythonic.Dag.psd1")}'; $db = '{Database}'");
    }

    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    public string Folder { get; }

    public string Database => Path.Combine(Folder, "runs.db");

    /// <summary>Runs a script; a terminating error is recorded as the last error.</summary>
    public Recording Run(string script)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        ErrorRecord? terminating = null;
        IReadOnlyList<PSObject> output = [];
        try
        {
            output = [.. shell.Invoke()];
        }
        catch (RuntimeException error)
        {
            terminating = error.ErrorRecord;
        }

        return new(output, [.. shell.Streams.Error], terminating, [.. shell.Streams.Warning.Select(record => record.Message)],
            [.. shell.Streams.Verbose.Select(record => record.Message)], [.. shell.Streams.Information.Select(record => $"{record.MessageData}")]);
    }

    public void Dispose()
    {
        _runspace.Dispose();
        Directory.Delete(Folder, true);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Lythonic.Dag.psd1")))
            folder = folder.Parent ?? throw new FileNotFoundException("Lythonic.Dag.psd1");
        return folder.FullName;
    }
}

/// <summary>What a script wrote.</summary>
public sealed record Recording(
    IReadOnlyList<PSObject> Output,
    IReadOnlyList<ErrorRecord> Errors,
    ErrorRecord? Terminating,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Verbose,
    IReadOnlyList<string> Information)
{
    /// <summary>The output as text, joined by commas, with no error beside it.</summary>
    public string Text
    {
        get
        {
            Assert.Null(Terminating);
            Assert.Empty(Errors);
            return string.Join(',', Output);
        }
    }

    /// <summary>The identifier of the one error.</summary>
    public string ErrorId => (Terminating ?? Assert.Single(Errors)).FullyQualifiedErrorId.Split(',')[0];
}
