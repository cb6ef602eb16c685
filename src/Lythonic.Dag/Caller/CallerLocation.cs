using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>The caller's location, in a form that other sessions understand.</summary>
/// <param name="Path">The literal path. A folder on a drive that the caller made is given without the drive.</param>
/// <param name="Qualified">
/// The path with its provider instead of a drive, if only the caller may have the drive; or <see langword="null"/>.
/// </param>
internal sealed record CallerLocation(string Path, string? Qualified = null)
{
    private const string SetLiterally =
        "param($__path) Microsoft.PowerShell.Management\\Set-Location -LiteralPath $__path -ErrorAction Stop";

    /// <summary>Captures the location of the session that runs a cmdlet.</summary>
    public static CallerLocation Capture(PSCmdlet cmdlet)
    {
        var here = cmdlet.SessionState.Path.CurrentLocation;
        return here.Provider.Name == "FileSystem"
            ? new(PlainPath(here) ?? here.ProviderPath)
            : new(here.Path, $"{here.Provider.ModuleName}\\{here.Provider.Name}::{here.ProviderPath}");
    }

    /// <summary>Whether it is a folder that is there: a session that has entered it need not enter it again, which takes a while.</summary>
    public bool IsThere => Qualified is null && Directory.Exists(Path);

    /// <summary>Makes this the current location of a session.</summary>
    /// <param name="engine">The session.</param>
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

    // PowerShell looks up every folder of the path, and the list of mounts, to say where it is.
    private static string? PlainPath(PathInfo here) =>
        here.Drive is { Root: { Length: > 0 } root, CurrentLocation: { } rest } && System.IO.Path.IsPathFullyQualified(root)
            && !$"{root}{rest}".AsSpan().ContainsAny("*?[`~")
            ? System.IO.Path.Join(root, rest)
            : null;

    private bool HasDrive(EngineIntrinsics engine) =>
        Path.IndexOf(':', StringComparison.Ordinal) is > 0 and var end
            && engine.SessionState.Drive.GetAll().Any(drive => drive.Name.Equals(Path[..end], StringComparison.OrdinalIgnoreCase));

    // The engine's own method would take the path as a wildcard pattern.
    private static void Set(EngineIntrinsics engine, string path)
    {
        if (path.AsSpan().IndexOfAny("*?[]`") < 0)
            engine.SessionState.Path.SetLocation(path);
        else
            engine.InvokeCommand.InvokeScript(false, ScriptBlock.Create(SetLiterally), null, path);
    }
}
