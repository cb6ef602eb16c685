using System.Globalization;
using System.Management.Automation.Host;

namespace Lythonic.Dag.Host;

/// <summary>What a script sees as <c>$Host</c>: the console of this process.</summary>
internal sealed class HostConsole : PSHost
{
    private readonly HostUI _ui = new();

    /// <summary>The code that the script left with, or <see langword="null"/>.</summary>
    public int? ExitCode { get; private set; }

    /// <inheritdoc/>
    public override string Name => "Lythonic.Dag.Host";

    /// <inheritdoc/>
    public override Version Version { get; } = typeof(HostConsole).Assembly.GetName().Version!;

    /// <inheritdoc/>
    public override Guid InstanceId { get; } = Guid.NewGuid();

    /// <inheritdoc/>
    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    /// <inheritdoc/>
    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    /// <inheritdoc/>
    public override PSHostUserInterface UI => _ui;

    /// <inheritdoc/>
    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    /// <inheritdoc/>
    public override void EnterNestedPrompt() => throw new HostException("This host has no prompt.");

    /// <inheritdoc/>
    public override void ExitNestedPrompt()
    {
    }

    /// <inheritdoc/>
    public override void NotifyBeginApplication()
    {
    }

    /// <inheritdoc/>
    public override void NotifyEndApplication()
    {
    }
}
