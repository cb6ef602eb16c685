using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>A location of the caller, in words that another session understands.</summary>
/// <param name="Path">The path, which is no pattern: a folder on a drive that the caller made is named without the drive.</param>
/// <param name="Qualified">
/// The path with its provider in the place of a drive, for a drive that only the caller has; or <see langword="null"/>.
/// </param>
internal sealed record CallerLocation(string Path, string? Qualified = null)
{
    private const string SetLiterally =
        "param($__path) Microsoft.PowerShell.Management\\Set-Location -LiteralPath $__path -ErrorAction Stop";

    /// <summary>The location of the session that runs a cmdlet.</summary>
    public static CallerLocation Capture(PSCmdlet cmdlet)
    {
        var here = cmdlet.SessionState.Path.CurrentLocation;
        return here.Provider.Name == "FileSystem"
            ? new(here.ProviderPath)
            : new(here.Path, $"{here.Provider.ModuleName}\\{here.Provider.Name}::{here.ProviderPath}");
    }

    /// <summary>Goes there.</summary>
    /// <param name="engine">The session that goes.</param>
    /// <exception cref="DagException">
    /// <see cref="DagErrorId.DagInputMissing"/>: there is no such place, or the session does not have it.
    /// </exception>
    public void Enter(EngineIntrinsics engine)
    {
        try
        {
            Set(engine, Qualified is null || HasDrive(engine) ? Path : Qualified);
        }
        catch (RuntimeException error)
        {
            throw new DagException(
                DagErrorId.DagInputMissing,
                $"The node cannot run in the caller's location '{Path}': {error.Message}",
                Path,
                "Run the DAG from a location that is there for other sessions too, or run the node with -Inline.",
                error);
        }
    }

    private bool HasDrive(EngineIntrinsics engine) =>
        Path.IndexOf(':', StringComparison.Ordinal) is > 0 and var end
            && engine.SessionState.Drive.GetAll().Any(drive => drive.Name.Equals(Path[..end], StringComparison.OrdinalIgnoreCase));

    // The engine's own method takes a pattern.
    private static void Set(EngineIntrinsics engine, string path)
    {
        if (path.AsSpan().IndexOfAny("*?[]`") < 0)
            engine.SessionState.Path.SetLocation(path);
        else
            engine.InvokeCommand.InvokeScript(false, ScriptBlock.Create(SetLiterally), null, path);
    }
}
