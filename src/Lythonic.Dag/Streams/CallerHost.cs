using System.Management.Automation;
using System.Management.Automation.Host;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// What a node can see of the caller's host. It is captured when the run begins, because a host must be asked on its own thread.
/// </summary>
internal sealed record CallerHost(
    string Name, Version Version, PSObject? PrivateData, bool SupportsVirtualTerminal, Size Buffer, Size Window)
{
    /// <summary>No host at all.</summary>
    public static CallerHost None { get; } = new("Default Host", new Version(0, 0), null, false, new Size(120, 9999), new Size(120, 50));

    /// <summary>Captures the host. Call this on the pipeline's thread.</summary>
    public static CallerHost Capture(PSHost host)
    {
        var ui = host.UI;
        return new(
            host.Name,
            host.Version,
            host.PrivateData,
            ui?.SupportsVirtualTerminal == true,
            SizeOf(() => ui?.RawUI?.BufferSize, None.Buffer),
            SizeOf(() => ui?.RawUI?.WindowSize, None.Window));
    }

    private static Size SizeOf(Func<Size?> read, Size otherwise)
    {
        try
        {
            return read() is { Width: > 0 } size ? size : otherwise;
        }
        catch (Exception)
        {
            // A host without a screen may throw any exception.
            return otherwise;
        }
    }
}
