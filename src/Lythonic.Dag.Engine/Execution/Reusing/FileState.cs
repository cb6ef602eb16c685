using System.Globalization;

namespace Lythonic.Dag.Execution;

/// <summary>What of a file or a folder counts where it is an input: its length and the time of its last write.</summary>
internal static class FileState
{
    /// <summary>What is said of it where it has changed.</summary>
    public static string Describe(string path) =>
        $"the {(Directory.Exists(path) ? "folder" : "file")} {Path.GetFileName(Path.TrimEndingDirectorySeparator(path))}";

    /// <summary>The state, as a text; of a link, that of what it leads to.</summary>
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
