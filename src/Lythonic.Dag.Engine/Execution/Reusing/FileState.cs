using System.Globalization;

namespace Lythonic.Dag.Execution;

/// <summary>The state by which a file or a folder is compared as an input: its length and the time of its last write.</summary>
internal static class FileState
{
    /// <summary>How a changed file is described.</summary>
    public static string Describe(string path) =>
        $"the {(Directory.Exists(path) ? "folder" : "file")} {Path.GetFileName(Path.TrimEndingDirectorySeparator(path))}";

    /// <summary>The state as text; for a link, the state of its target.</summary>
    public static string Read(string path)
    {
        try
        {
            FileSystemInfo at = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            var target = at.LinkTarget is null ? at : at.ResolveLinkTarget(returnFinalTarget: true) ?? at;
            return !target.Exists ? "missing"
                : string.Create(
                    CultureInfo.InvariantCulture, $"{(target is FileInfo file ? file.Length : 0)}/{target.LastWriteTimeUtc.Ticks}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "unreadable";
        }
    }
}
