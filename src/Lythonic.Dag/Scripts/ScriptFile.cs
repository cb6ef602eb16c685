using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>The file that a scriptblock was read from, as it was when a node took the scriptblock.</summary>
/// <param name="Path">The file's full path.</param>
/// <param name="WrittenAt">When it was last written by then, UTC.</param>
internal sealed record ScriptFile(string Path, DateTime WrittenAt)
{
    /// <summary>Whether the file was written since.</summary>
    public bool IsNewer => File.GetLastWriteTimeUtc(Path) > WrittenAt;

    /// <summary>The file of a scriptblock; <see langword="null"/> where it is of none, or the file is not there.</summary>
    public static ScriptFile? Find(ScriptBlock script)
    {
        // PowerShell's own name for a text that was typed, and those of editors, are no paths.
        var path = script.File;
        return !string.IsNullOrEmpty(path) && File.Exists(path) ? new(path, File.GetLastWriteTimeUtc(path)) : null;
    }
}
