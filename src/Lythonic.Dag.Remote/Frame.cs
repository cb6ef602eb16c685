using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Internal;
using Lythonic.Dag.Errors;

namespace Lythonic.Dag.Remote;

/// <summary>One call at the far end of the connection. The script that makes the call uses the public members.</summary>
public sealed class Frame
{
    /// <summary>The first item of every answer. If a call gives no answer, it has ended its runspace.</summary>
    internal const string Mark = "Lythonic.Dag.Answer";

    // The name under which PowerShell's remoting protocol carries the values of $using: expressions.
    private const string UsingParameter = "-%";

    private readonly RemoteValues _values;
    private readonly Func<bool> _isInTime;
    private readonly long _began = Stopwatch.GetTimestamp();

    internal Frame(ScriptBlock script, Parcel parcel, RemoteValues values, Func<bool> isInTime)
    {
        _isInTime = isInTime;
        Script = script;
        _values = values;
        var secrets = parcel.List("Secrets");
        Context.Receive(parcel.Inner("Context")!, values, secrets);
        PipelineValue = parcel.Text("Value") is { } value ? values.Read(value, secrets) : null;
        IsPiped = parcel.Flag("IsPiped");
        StrictMode = parcel.Text("StrictMode") ?? "";
        foreach (var (name, json) in parcel.Texts("Arguments"))
            Arguments[name] = values.Read(json, secrets);
        foreach (var name in parcel.Names("ContextParameters"))
            Arguments[name] = Context;
        var taken = new Hashtable();
        foreach (var (key, json) in parcel.Texts("Using"))
            taken[key] = values.Read(json, secrets);
        if (taken.Count > 0)
            Arguments[UsingParameter] = taken;
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) =
            (CultureOf(parcel.Text("Culture")), CultureOf(parcel.Text("UICulture")));
    }

    /// <summary>The scriptblock that runs.</summary>
    public ScriptBlock Script { get; }

    /// <summary>Named arguments, for splatting.</summary>
    public Hashtable Arguments { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The value of <c>$_</c>.</summary>
    public object? PipelineValue { get; }

    /// <summary>Whether the value comes through the pipeline, as one object.</summary>
    public bool IsPiped { get; }

    /// <summary>The strict mode of the node; empty for none.</summary>
    public string StrictMode { get; }

    /// <summary>The value of <c>$DagContext</c>.</summary>
    public RemoteContext Context { get; } = new();

    /// <summary>The output of the scriptblock.</summary>
    public object? Output { get; set; }

    /// <summary>The error, if the scriptblock failed and did not pause.</summary>
    public ErrorRecord? Error { get; private set; }

    /// <summary>Whether the next call that came with this one may begin: this one completed, and it was short.</summary>
    public bool IsFollowed { get; private set; }

    /// <summary>Records that the scriptblock failed.</summary>
    /// <param name="error">Its error.</param>
    public void Fail(ErrorRecord error) => Error = error;

    // A machine may lack a culture.
    private static CultureInfo CultureOf(string? name)
    {
        try
        {
            return CultureInfo.GetCultureInfo(name ?? "");
        }
        catch (CultureNotFoundException)
        {
            return CultureInfo.InvariantCulture;
        }
    }

    /// <summary>Gives the end of the call in the form in which it is sent.</summary>
    public object?[] Answer()
    {
        if (Context.PauseRequested)
        {
            Error = null;
            return [Mark, "paused", Context.PauseReason];
        }

        var secrets = new ArrayList();
        try
        {
            if (Error is null)
            {
                var output = _values.Write(ReferenceEquals(Output, AutomationNull.Value) ? null : Output, secrets);
                IsFollowed = _isInTime();
                return [Mark, "completed", output, secrets, Stopwatch.GetElapsedTime(_began).TotalMilliseconds, IsFollowed];
            }
        }
        catch (Exception error) when (error is not (OutOfMemoryException or PipelineStoppedException))
        {
            Error = new ErrorRecord(error, "ValueNotStorable", ErrorCategory.InvalidData, null);
        }

        var position = Error.InvocationInfo?.PositionMessage;
        return [Mark, "failed", ErrorMessage.Compose(Error), position, Error.ScriptStackTrace,
            Error.Exception.GetType().FullName];
    }
}
