using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace Lythonic.Dag.Transport.Tests.Harness;

/// <summary>Records what is written, and answers no questions.</summary>
public sealed class SilentUI : PSHostUserInterface
{
    /// <summary>What was written, a text at a time.</summary>
    public ConcurrentQueue<string> Written { get; } = [];

    public override PSHostRawUserInterface? RawUI => null;

    public override void Write(string value) => Written.Enqueue(value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Written.Enqueue(value);

    public override void WriteLine(string value) => Written.Enqueue(value);

    public override void WriteErrorLine(string value) => Written.Enqueue(value);

    public override void WriteDebugLine(string message)
    {
    }

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
    }

    public override void WriteVerboseLine(string message)
    {
    }

    public override void WriteWarningLine(string message)
    {
    }

    public override string ReadLine() => throw new NotSupportedException("Nobody answers.");

    public override SecureString ReadLineAsSecureString() => throw new NotSupportedException("Nobody answers.");

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw new NotSupportedException("Nobody answers.");

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw new NotSupportedException("Nobody answers.");

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) =>
        throw new NotSupportedException("Nobody answers.");

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        throw new NotSupportedException("Nobody answers.");
}
