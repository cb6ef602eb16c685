namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Tells network file systems from local ones. WAL mode needs shared memory, which two machines do not have.
/// </summary>
internal static class FileSystems
{
    private const string Fuse = "fuse";

    // The names are those of Linux and macOS. A FUSE file system counts as remote unless it is known to be local.
    private static readonly HashSet<string> Network = new(StringComparer.OrdinalIgnoreCase)
    {
        "nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "smb_network", "9p", "v9fs", "afs", "kafs", "afpfs", "coda", "ncp",
        "ncpfs", "novell",
        "webdav", "davfs", "lustre", "ceph", "gpfs", "glusterfs", "ocfs2", "gfs", "gfs2", "vboxsf", "vmhgfs", "prl_fs", "virtiofs", Fuse,
    };

    /// <summary>Whether an existing path is on a file system of another machine.</summary>
    public static bool IsNetwork(string path)
    {
        if (OperatingSystem.IsWindows() && path.StartsWith(@"\\", StringComparison.Ordinal))
            return true;
        try
        {
            var drive = new DriveInfo(path);
            return drive.DriveType == DriveType.Network || IsNetworkName(drive.DriveFormat);
        }
        catch (Exception error) when (error is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether a file system of this name is on another machine.</summary>
    public static bool IsNetworkName(string name) =>
        Network.Contains(name.StartsWith(Fuse + ".", StringComparison.OrdinalIgnoreCase)
            && !name.EndsWith("overlayfs", StringComparison.OrdinalIgnoreCase) ? Fuse : name);
}
