using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// A line that a native command wrote to its stderr. PowerShell makes an error record of it, but it is no error: the command's exit code
/// says whether it failed.
/// </summary>
internal static class NativeLine
{
    /// <summary>Whether a record is such a line.</summary>
    /// <param name="record">The record.</param>
    public static bool Is(ErrorRecord record) => record.FullyQualifiedErrorId is "NativeCommandError" or "NativeCommandErrorMessage";
}
