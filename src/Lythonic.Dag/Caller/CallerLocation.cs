using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>The caller's location, in a form that other sessions understand.</summary>
/// <param name="Path">The literal path. A folder on a drive that the caller made is given without the drive.</param>
/// <param name="Qualified">
/// The path with its provider instead of a drive, if only the caller may have the drive; or <see langword="null"/>.
/// </param>
internal sealed record CallerLocation(string Path, string? Qualified = null)
{
    private const string FileSystem = "FileSystem";
    private const string Wildcards = "*?[]`";
    private const string Root = "/";
    private const string SetLiterally =
        "param($__path) Microsoft.PowerShell.Management\\Set-Location -LiteralPath $__path -ErrorAction Stop";

    /// <summary>Captures the location of the session that runs a cmdlet.</summary>
    public static CallerLocation Capture(PSCmdlet cmdlet)
    {
        var here = cmdlet.SessionState.Path.CurrentLocation;
        return here.Provider.Name == FileSystem
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
        if (IsThere && EnterOnDrive(engine.SessionState))
            return;
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

    // When it sets a location, PowerShell lists every folder of the path and reads the list of mounts ten times, which takes milliseconds.
    // Outside Windows all folders are on one drive, so the drive's own location is set instead, as PowerShell does last.
    private bool EnterOnDrive(SessionState session)
    {
        var drive = session.Drive.Current;
        if (drive.Name != Root || drive.Root != Root || drive.Provider.Name != FileSystem
            || !Path.StartsWith(Root, StringComparison.Ordinal) || Path.AsSpan().ContainsAny(Wildcards))
            return false;
        if (drive.CurrentLocation == Path[Root.Length..])
            return true;
        drive.CurrentLocation = Path[Root.Length..];
        session.PSVariable.Set("global:PWD", session.Path.CurrentLocation);
        return true;
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
        if (!path.AsSpan().ContainsAny(Wildcards))
            engine.SessionState.Path.SetLocation(path);
        else
            engine.InvokeCommand.InvokeScript(false, ScriptBlock.Create(SetLiterally), null, path);
    }
}
