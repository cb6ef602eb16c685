using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace Lythonic.Dag.Host;

/// <summary>The streams on the console: errors to stderr, all else to stdout.</summary>
internal sealed class HostUI : PSHostUserInterface
{
    private readonly ProgressLine _progress = new();

    /// <inheritdoc/>
    public override PSHostRawUserInterface RawUI { get; } = new HostRawUI();

    /// <inheritdoc/>
    public override bool SupportsVirtualTerminal =>
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <inheritdoc/>
    public override void Write(string value)
    {
        _progress.Clear();
        Console.Out.Write(GetOutputString(value, SupportsVirtualTerminal));
    }

    /// <inheritdoc/>
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    /// <inheritdoc/>
    public override void WriteLine(string value)
    {
        _progress.Clear();
        Console.Out.WriteLine(GetOutputString(value, SupportsVirtualTerminal));
    }

    /// <inheritdoc/>
    public override void WriteErrorLine(string value)
    {
        _progress.Clear();
        Console.Error.WriteLine(GetOutputString(value, SupportsVirtualTerminal && !Console.IsErrorRedirected).TrimEnd());
    }

    /// <inheritdoc/>
    public override void WriteWarningLine(string message) => WriteLine($"WARNING: {message}");

    /// <inheritdoc/>
    public override void WriteVerboseLine(string message) => WriteLine($"VERBOSE: {message}");

    /// <inheritdoc/>
    public override void WriteDebugLine(string message) => WriteLine($"DEBUG: {message}");

    /// <inheritdoc/>
    public override void WriteProgress(long sourceId, ProgressRecord record) => _progress.Show(record);

    /// <inheritdoc/>
    public override string ReadLine() => Console.In.ReadLine() ?? throw NoInput();

    /// <inheritdoc/>
    public override SecureString ReadLineAsSecureString()
    {
        if (Console.IsInputRedirected)
            throw NoInput();
        var secret = new SecureString();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key != ConsoleKey.Backspace)
                secret.AppendChar(key.KeyChar);
            else if (secret.Length > 0)
                secret.RemoveAt(secret.Length - 1);
        }

        WriteLine("");
        return secret;
    }

    /// <inheritdoc/>
    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        Introduce(caption, message);
        var answers = new Dictionary<string, PSObject>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in descriptions)
        {
            Write($"{field.Name}: ");
            answers[field.Name] = PSObject.AsPSObject(ReadLine());
        }

        return answers;
    }

    /// <inheritdoc/>
    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Introduce(caption, message);
        while (true)
        {
            for (var i = 0; i < choices.Count; i++)
                Write(string.Create(CultureInfo.InvariantCulture, $"[{i + 1}] {choices[i].Label.Replace("&", "", StringComparison.Ordinal)}  "));
            Write(defaultChoice < 0 ? ": " : string.Create(CultureInfo.InvariantCulture, $"(default {defaultChoice + 1}): "));
            if (ToChoice(ReadLine().Trim(), choices, defaultChoice) is { } choice)
                return choice;
        }
    }

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        PromptForCredential(caption, message, userName, targetName, PSCredentialTypes.Default, PSCredentialUIOptions.Default);

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options)
    {
        Introduce(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            Write("User: ");
            userName = ReadLine();
        }

        Write($"Password for {userName}: ");
        return new PSCredential(userName, ReadLineAsSecureString());
    }

    private static int? ToChoice(string answer, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        if (answer.Length == 0)
            return defaultChoice < 0 ? null : defaultChoice;
        if (int.TryParse(answer, CultureInfo.InvariantCulture, out var number))
            return number >= 1 && number <= choices.Count ? number - 1 : null;
        for (var i = 0; i < choices.Count; i++)
        {
            var label = choices[i].Label;
            var key = label.IndexOf('&', StringComparison.Ordinal) is >= 0 and var at && at + 1 < label.Length ? label[(at + 1)..(at + 2)] : "";
            if (answer.Equals(key, StringComparison.OrdinalIgnoreCase)
                || answer.Equals(label.Replace("&", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return null;
    }

    // A question that nobody can answer is an error: taking the default would confirm what was to be confirmed.
    private static HostException NoInput() => new("The script asked a question, and there is no input to answer it.");

    private void Introduce(string caption, string message)
    {
        if (!string.IsNullOrEmpty(caption))
            WriteLine(caption);
        if (!string.IsNullOrEmpty(message))
            WriteLine(message);
    }
}
