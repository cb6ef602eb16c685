using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>The file that a scriptblock was read from, as it was when a node took the scriptblock.</summary>
/// <param name="Path">The file's full path.</param>
/// <param name="WrittenAt">When it was last written by then, UTC.</param>
internal sealed record ScriptFile(string Path, DateTime WrittenAt)
{
    /// <summary>Whether the file has been written since then.</summary>
    public bool IsNewer => File.GetLastWriteTimeUtc(Path) > WrittenAt;

    /// <summary>The file of a scriptblock; <see langword="null"/> if it comes from no file, or the file no longer exists.</summary>
    public static ScriptFile? Find(ScriptBlock script)
    {
        // PowerShell and editors use names that are not paths for code that was typed in.
        var path = script.File;
        return !string.IsNullOrEmpty(path) && File.Exists(path) ? new(path, File.GetLastWriteTimeUtc(path)) : null;
    }
}
