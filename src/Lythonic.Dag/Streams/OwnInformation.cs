using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>A line that the engine itself writes and the host shows, as it shows what <c>Write-Host</c> writes.</summary>
/// <param name="Text">The line.</param>
internal sealed record OwnInformation(string Text)
{
    /// <summary>The tag by which a host shows a record whatever the preference is.</summary>
    public const string Shown = "PSHOST";

    /// <summary>What the information record holds.</summary>
    public HostInformationMessage Message { get; } = new() { Message = Text };
}
