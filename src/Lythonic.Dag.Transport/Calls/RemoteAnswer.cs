using System.Collections;
using System.Globalization;
using System.Management.Automation;
using static Lythonic.Dag.Remote.RemotingWrapper;

namespace Lythonic.Dag.Transport;

/// <summary>The answer of the far end when a call ends: a text if the call completed without secrets, otherwise a list.</summary>
internal readonly struct RemoteAnswer
{
    /// <summary>The mark at the beginning of an answer.</summary>
    public const string Mark = "Lythonic.Dag.Answer";

    /// <summary>The answer that says that none of the remaining calls begins.</summary>
    public const string Over = Mark + " over";

    private const string Completed = "completed";

    private readonly object? _content;

    private RemoteAnswer(object? content) => _content = content;

    /// <summary>Reads an output; <see langword="null"/> if it is no answer.</summary>
    public static RemoteAnswer? Read(PSObject? output) => output?.BaseObject switch
    {
        string text when text.StartsWith(Mark, StringComparison.Ordinal) => new RemoteAnswer(text),
        IList list when list.Count > 1 && Unwrap(list[0]) as string == Mark => new RemoteAnswer(list),
        _ => null,
    };

    /// <summary>Whether it says that none of the remaining calls begins.</summary>
    public bool IsOver => _content as string == Over;

    /// <summary>Whether the call completed.</summary>
    public bool IsCompleted => _content is string ? !IsOver : Text(1) == Completed;

    /// <summary>Whether the call paused its run.</summary>
    public bool IsPaused => Text(1) == "paused";

    /// <summary>One of the texts in the answer of a call that did not complete.</summary>
    public string? Text(int place) => _content is IList list && place < list.Count ? Unwrap(list[place]) as string : null;

    /// <summary>
    /// Reads the output of a completed call; the result is a failure if it cannot be read here. Never throws: answers of several calls are
    /// read on a thread of PowerShell, where nobody catches exceptions.
    /// </summary>
    /// <param name="values">Reads the output.</param>
    public RemoteResult ReadOutput(ValueParcels values)
    {
        if (_content is not string text)
        {
            var list = (IList)_content!;
            return Read(values, (string)Unwrap(list[2])!, (IList)Unwrap(list[3])!) with
            {
                CodeTime = TimeSpan.FromMilliseconds((double)Unwrap(list[4])!),
                IsFollowed = Unwrap(list[5]) is true,
            };
        }

        // The parts: the mark, whether the next call begins, how long the code took, and the output.
        var end = text.IndexOf(' ', Mark.Length + 3);
        var json = text[(end + 1)..];
        return Read(values, json, Array.Empty<object>()) with
        {
            Json = json,
            CodeTime = TimeSpan.FromMilliseconds(double.Parse(text.AsSpan((Mark.Length + 3)..end), CultureInfo.InvariantCulture)),
            IsFollowed = text[Mark.Length + 1] == '1',
        };
    }

    private static RemoteResult Read(ValueParcels values, string json, IList secrets)
    {
        try
        {
            return new(RemoteOutcomeKind.Completed) { Value = values.Read(json, secrets), IsAnswered = true };
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            var why = new RemoteError($"What the code gave cannot be read here: {error.Message}", null);
            return new(RemoteOutcomeKind.Failed) { Error = why, IsAnswered = true };
        }
    }
}
