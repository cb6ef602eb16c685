using System.Collections;
using System.Globalization;
using System.Management.Automation;
using static Lythonic.Dag.Remote.RemotingWrapper;

namespace Lythonic.Dag.Transport;

/// <summary>What the far end says of a call when it ends: a text where it completed without secrets, else a list.</summary>
internal readonly struct RemoteAnswer
{
    /// <summary>How it begins.</summary>
    public const string Mark = "Lythonic.Dag.Answer";

    /// <summary>What says that no more of several calls begins.</summary>
    public const string Over = Mark + " over";

    private const string Completed = "completed";

    private readonly object? _content;

    private RemoteAnswer(object? content) => _content = content;

    /// <summary>Reads an output; <see langword="null"/> where it is no answer.</summary>
    public static RemoteAnswer? Of(PSObject? output) => output?.BaseObject switch
    {
        string text when text.StartsWith(Mark, StringComparison.Ordinal) => new RemoteAnswer(text),
        IList list when list.Count > 1 && Unwrap(list[0]) as string == Mark => new RemoteAnswer(list),
        _ => null,
    };

    /// <summary>Whether it says that no more of several calls begins.</summary>
    public bool IsOver => _content as string == Over;

    /// <summary>Whether the call completed.</summary>
    public bool IsCompleted => _content is string ? !IsOver : Text(1) == Completed;

    /// <summary>Whether the call paused its run.</summary>
    public bool IsPaused => Text(1) == "paused";

    /// <summary>A text of one that did not complete.</summary>
    public string? Text(int place) => _content is IList list && place < list.Count ? Unwrap(list[place]) as string : null;

    /// <summary>What a call gave that completed.</summary>
    /// <param name="values">Reads the output.</param>
    public RemoteResult ReadOutput(ValueParcels values)
    {
        if (_content is not string text)
            return ReadList((IList)_content!, values);
        // The mark, whether the next one begins, how long the code took, and the output.
        var end = text.IndexOf(' ', Mark.Length + 3);
        var json = text[(end + 1)..];
        return Result(values.Read(json, Array.Empty<object>()), json, text.AsSpan((Mark.Length + 3)..end), text[Mark.Length + 1] == '1');
    }

    private static RemoteResult ReadList(IList list, ValueParcels values) => new(RemoteOutcomeKind.Completed)
    {
        Value = values.Read((string)Unwrap(list[2])!, (IList)Unwrap(list[3])!),
        CodeTime = TimeSpan.FromMilliseconds((double)Unwrap(list[4])!),
        IsFollowed = Unwrap(list[5]) is true,
        IsAnswered = true,
    };

    private static RemoteResult Result(object? value, string json, ReadOnlySpan<char> milliseconds, bool isFollowed) =>
        new(RemoteOutcomeKind.Completed)
        {
            Value = value,
            Json = json,
            CodeTime = TimeSpan.FromMilliseconds(double.Parse(milliseconds, CultureInfo.InvariantCulture)),
            IsFollowed = isFollowed,
            IsAnswered = true,
        };
}
