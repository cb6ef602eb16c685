using System.Management.Automation;
using Lythonic.Dag.Loading;
using Lythonic.Dag.Watching;

namespace Lythonic.Dag.Commands;

/// <summary>Chooses what a run is shown on that is watched.</summary>
internal static class WatchScreens
{
    /// <summary>The console's screen, where the host has one and nothing is redirected; else lines.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="isPlain">Whether lines were asked for.</param>
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
