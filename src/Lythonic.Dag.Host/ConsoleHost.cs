using System.Globalization;
using System.Management.Automation.Host;

namespace Lythonic.Dag.Host;

/// <summary>The least that the engine needs of a host: a name, a console to write to, and where <c>exit</c> leaves its code.</summary>
internal sealed class ConsoleHost : PSHost
{
    /// <summary>The code of <c>exit</c>; <see langword="null"/> where the script ended by itself.</summary>
    public int? ExitCode { get; private set; }

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "Lythonic.Dag.Host";

    public override PSHostUserInterface UI { get; } = new ConsoleUI();

    public override Version Version { get; } = typeof(ConsoleHost).Assembly.GetName().Version!;

    public override void EnterNestedPrompt() => throw new NotSupportedException("This host runs scripts and has no prompt.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("This host runs scripts and has no prompt.");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;
}
