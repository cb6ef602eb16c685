using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Receives what a node in a worker writes to its host, as host output of the call. Questions fail, because nobody is there to answer.
/// </summary>
internal sealed class WorkerHostUI(Func<WorkerJob?> current) : PSHostUserInterface
{
    // The text of the last information record on this thread: PowerShell passes it to the host a second time, as a line.
    [ThreadStatic]
    private static string? _echo;

    /// <inheritdoc/>
    public override PSHostRawUserInterface RawUI { get; } = new WorkerRawUI(() => current()?.Snapshot.Host ?? CallerHost.None);

    /// <inheritdoc/>
    public override bool SupportsVirtualTerminal => current()?.Snapshot.Host.SupportsVirtualTerminal == true;

    /// <inheritdoc/>
    public override void Write(string value) => Say(value, newLine: false);

    /// <inheritdoc/>
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Say(value, newLine: false, foregroundColor, backgroundColor);

    /// <inheritdoc/>
    public override void WriteLine() => Say("", newLine: true);

    /// <inheritdoc/>
    public override void WriteLine(string value) => Say(value, newLine: true);

    /// <inheritdoc/>
    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Say(value, newLine: true, foregroundColor, backgroundColor);

    /// <inheritdoc/>
    public override void WriteErrorLine(string value) => Say(value, newLine: true, ConsoleColor.Red);

    /// <inheritdoc/>
    public override void WriteInformation(InformationRecord record) =>
        _echo = record?.MessageData is HostInformationMessage message ? message.Message : record?.ToString();

    // A record of a stream also arrives from the stream.

    /// <inheritdoc/>
    public override void WriteWarningLine(string message)
    {
    }

    /// <inheritdoc/>
    public override void WriteVerboseLine(string message)
    {
    }

    /// <inheritdoc/>
    public override void WriteDebugLine(string message)
    {
    }

    /// <inheritdoc/>
    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
    }

    /// <inheritdoc/>
    public override string ReadLine() => throw NobodyAnswers(null);

    /// <inheritdoc/>
    public override SecureString ReadLineAsSecureString() => throw NobodyAnswers(null);

    /// <inheritdoc/>
    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw NobodyAnswers(FirstOf(caption, message, descriptions is { Count: > 0 } ? descriptions[0].Label : null));

    /// <inheritdoc/>
    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        throw NobodyAnswers(FirstOf(message, caption));

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw NobodyAnswers(FirstOf(message, caption));

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) =>
        throw NobodyAnswers(FirstOf(message, caption));

    /// <summary>The error of a question.</summary>
    /// <param name="question">What is asked, if that is known.</param>
    internal HostException NobodyAnswers(string? question)
    {
        var job = current();
        var node = job is null ? "A node" : $"The node '{job.Call.Context.NodeLabel}'";
        var (place, action) = job?.Call.NodeCall.Host is { } host
            ? ($"on the host '{host.Name}'", "Give")
            : ("in a worker", "Run it with -Inline, or give");
        return new HostException(
            $"{node} asks the user{(question is null ? "" : $" ({question.Trim()})")}, and runs {place}, where nobody can answer. "
                + $"{action} it what it needs as input.",
            null,
            "DagNodePrompt",
            ErrorCategory.ResourceUnavailable);
    }

    private static string? FirstOf(params string?[] texts) => texts.FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));

    private void Say(string? text, bool newLine, ConsoleColor? foreground = null, ConsoleColor? background = null)
    {
        if (current()?.Call is not { } call)
            return;
        var isEcho = call.IsEcho is { } echoes ? echoes(text ?? "") : text == _echo;
        _echo = null;
        if (isEcho)
            call.ShowHeld();
        else
            call.SayToHost(
                new HostInformationMessage
                {
                    Message = text ?? "",
                    NoNewLine = !newLine,
                    ForegroundColor = foreground,
                    BackgroundColor = background,
                });
    }
}
