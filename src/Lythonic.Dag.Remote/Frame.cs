using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Internal;
using Lythonic.Dag.Errors;
using static Lythonic.Dag.Remote.RemotingWrapper;

namespace Lythonic.Dag.Remote;

/// <summary>One call at the far end.</summary>
internal sealed class Frame
{
    /// <summary>How an answer begins. A call without an answer ended its runspace.</summary>
    internal const string Mark = "Lythonic.Dag.Answer";

    // The name under which PowerShell's remoting protocol carries the values of $using: expressions.
    private const string UsingParameter = "-%";

    private readonly RemoteValues _values;
    private readonly long _began = Stopwatch.GetTimestamp();

    public Frame(CallHead head, IList parcel, IList secrets, string hostName, RemoteValues values)
    {
        _values = values;
        Context.Receive(head, hostName, parcel, values, secrets);
        PipelineValue = values.Read(Text(parcel, CallPart.Value)!, secrets);
        var next = ReadPairs(Arguments, parcel, CallPart.First, (int)Unwrap(parcel[CallPart.Count])!, secrets);
        foreach (var name in head.ContextParameters)
            Arguments[name] = Context;
        if (next < parcel.Count)
        {
            var taken = new Hashtable();
            ReadPairs(taken, parcel, next, (parcel.Count - next) / 2, secrets);
            Arguments[UsingParameter] = taken;
        }

        CultureInfo.CurrentCulture = head.Culture;
        CultureInfo.CurrentUICulture = head.UICulture;
    }

    /// <summary>Named arguments, for splatting.</summary>
    public Hashtable Arguments { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The value of <c>$_</c>.</summary>
    public object? PipelineValue { get; }

    /// <summary>What <c>$DagContext</c> is.</summary>
    public RemoteContext Context { get; } = new();

    /// <summary>The error of a call that was made as a function.</summary>
    public ErrorRecord? Failure { get; set; }

    /// <summary>The error of the scriptblock, if it failed and did not pause.</summary>
    public ErrorRecord? Error { get; private set; }

    /// <summary>Whether the next call that came with this one may begin: this one completed, and it was short.</summary>
    public bool IsFollowed { get; private set; }

    /// <summary>A text of a list as it came.</summary>
    public static string? Text(IList parcel, int part) => Unwrap(parcel[part]) as string;

    /// <summary>The answer in the form in which it is sent: a text, or a list if secrets go with it.</summary>
    /// <param name="output">What the scriptblock gave.</param>
    /// <param name="error">What it failed with, or <see langword="null"/>.</param>
    /// <param name="isInTime">Whether the next one may begin.</param>
    public object Answer(object? output, ErrorRecord? error, Func<bool> isInTime)
    {
        if (Context.PauseRequested)
            return new object?[] { Mark, "paused", Context.PauseReason };
        Error = error;
        try
        {
            if (error is null)
                return Completed(output, isInTime);
        }
        catch (Exception failure) when (failure is not (OutOfMemoryException or PipelineStoppedException))
        {
            Error = new ErrorRecord(failure, "ValueNotStorable", ErrorCategory.InvalidData, null);
        }

        var position = Error!.InvocationInfo?.PositionMessage;
        return new object?[] { Mark, "failed", ErrorMessage.Compose(Error), position, Error.ScriptStackTrace,
            Error.Exception.GetType().FullName };
    }

    private object Completed(object? output, Func<bool> isInTime)
    {
        var secrets = new ArrayList();
        var json = _values.Write(ReferenceEquals(output, AutomationNull.Value) ? null : output, secrets);
        IsFollowed = isInTime();
        var took = Stopwatch.GetElapsedTime(_began).TotalMilliseconds;
        return secrets.Count == 0
            ? string.Concat(Mark, IsFollowed ? " 1 " : " 0 ", took.ToString(CultureInfo.InvariantCulture), " ", json)
            : new object[] { Mark, "completed", json, secrets, took, IsFollowed };
    }

    private int ReadPairs(Hashtable values, IList parcel, int first, int count, IList secrets)
    {
        for (; count > 0; count--, first += 2)
            values[Text(parcel, first)!] = _values.Read(Text(parcel, first + 1)!, secrets);
        return first;
    }
}
