using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The host of a worker runspace. To a node it looks like the caller's host. What the node writes to it goes to the call, like everything
/// else that the node writes.
/// </summary>
/// <param name="first">The caller's host when there was no call yet.</param>
/// <param name="current">The call that is being made, or <see langword="null"/>.</param>
internal sealed class WorkerHost(CallerHost first, Func<WorkerJob?> current) : PSHost
{
    private readonly WorkerHostUI _ui = new(current);

    /// <inheritdoc/>
    public override Guid InstanceId { get; } = Guid.NewGuid();

    /// <inheritdoc/>
    public override string Name => Caller.Name;

    /// <inheritdoc/>
    public override Version Version => Caller.Version;

    /// <inheritdoc/>
    public override PSObject? PrivateData => Caller.PrivateData;

    /// <inheritdoc/>
    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    /// <inheritdoc/>
    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    /// <inheritdoc/>
    public override PSHostUserInterface UI => _ui;

    private CallerHost Caller => current()?.Snapshot.Host ?? first;

    /// <inheritdoc/>
    public override void EnterNestedPrompt() => throw _ui.NobodyAnswers("nested prompt");

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

    /// <inheritdoc/>
    public override void SetShouldExit(int exitCode)
    {
    }
}
