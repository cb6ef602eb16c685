using System.Management.Automation;
using Lythonic.Dag.Loading;
using Lythonic.Dag.Watching;

namespace Lythonic.Dag.Runs;

/// <summary>Chooses how <c>Watch-DagRun</c> shows a run: on a full screen or as lines.</summary>
internal static class WatchScreens
{
    /// <summary>Opens the console's screen if the host has one and output is not redirected; otherwise one that writes lines.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="isPlain">Whether the user asked for lines.</param>
    /// <param name="write">Writes a line.</param>
    public static IRunScreen Open(PSCmdlet cmdlet, bool isPlain, Action<string> write) =>
        isPlain || !HasScreen(cmdlet) ? new PlainScreen(write, TimeProvider.System) : TerminalLoader.Open(HasColours(cmdlet));

    private static bool HasScreen(PSCmdlet cmdlet) =>
        cmdlet.Host.UI is { SupportsVirtualTerminal: true }
        && !Console.IsOutputRedirected
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    private static bool HasColours(PSCmdlet cmdlet)
    {
        var style = cmdlet.SessionState.PSVariable.GetValue("PSStyle");
        var rendering = style is null ? null : PSObject.AsPSObject(style).Properties["OutputRendering"]?.Value?.ToString();
        return rendering != "PlainText" && Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 };
    }
}
