using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Benchmarks;

/// <summary>A runspace with the built module, and a folder for databases that goes when it does.</summary>
internal sealed class ModuleRunspace : IDisposable
{
    private readonly Runspace _runspace;

    /// <summary>Opens it.</summary>
    /// <param name="imports">Whether the module is imported.</param>
    public ModuleRunspace(bool imports = true)
    {
        Folder = Directory.CreateTempSubdirectory("lythonic-dag-benchmarks-").FullName;
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        _runspace.Open();
        if (imports)
            Run("param($manifest) Import-Module $manifest", ("manifest", Path.Combine(Root(), "Lythonic.Dag.psd1")));
    }

    /// <summary>Where databases go.</summary>
    public string Folder { get; }

    /// <summary>Runs a script; its first error is thrown.</summary>
    public ICollection<PSObject> Run(string script, params (string Name, object Value)[] parameters)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        foreach (var (name, value) in parameters)
            shell.AddParameter(name, value);
        var output = shell.Invoke();
        return shell.Streams.Error.Count == 0 ? output : throw shell.Streams.Error[0].Exception;
    }

    public void Dispose()
    {
        _runspace.Dispose();
        Directory.Delete(Folder, true);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Lythonic.Dag.psd1")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new FileNotFoundException("Lythonic.Dag.psd1 is in no folder above the benchmarks.");
    }
}
