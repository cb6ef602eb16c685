using System.Management.Automation;
using System.Management.Automation.Host;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// What a node may know of the host of the session that runs its DAG: as it was when the run began, for hosts answer on their own thread.
/// </summary>
internal sealed record CallerHost(
    string Name, Version Version, PSObject? PrivateData, bool SupportsVirtualTerminal, Size Buffer, Size Window)
{
    /// <summary>No host at all.</summary>
    public static CallerHost None { get; } = new("Default Host", new Version(0, 0), null, false, new Size(120, 9999), new Size(120, 50));

    /// <summary>Reads it. On the pipeline's thread.</summary>
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
            // A host without a screen says so in its own way.
            return otherwise;
        }
    }
}
