using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Errors;

namespace Lythonic.Dag.Commands;

/// <summary>The base of all cmdlets. It turns a <see cref="DagException"/> into an error record.</summary>
public abstract class DagCmdlet : PSCmdlet
{
    /// <summary>Whether <c>-WhatIf</c> is on, by the parameter or by <c>$WhatIfPreference</c>.</summary>
    internal bool IsWhatIf =>
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given) ? ((SwitchParameter)given).IsPresent
        : LanguagePrimitives.IsTrue(SessionState.PSVariable.GetValue("WhatIfPreference"));

    /// <summary>Whether the command line itself has <c>-DatabasePath</c>; false if the value comes from the pipeline.</summary>
    internal bool IsDatabaseNamed { get; private set; }

    /// <summary>The name of the parameter that takes a run from the pipeline.</summary>
    internal virtual string PipedRunParameter => "RunId";

    /// <inheritdoc/>
    protected override void BeginProcessing() => IsDatabaseNamed = IsGiven("DatabasePath");

    /// <summary>Whether a parameter was given, even if its value is <see langword="null"/>.</summary>
    internal bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>Whether the pipeline gave a run that is in no database because it ran with <c>-NoProvenance</c>.</summary>
    /// <param name="database">The value of <c>-DatabasePath</c>.</param>
    /// <param name="runId">The id of that run; several ids are joined by commas.</param>
    internal bool IsOfUnkeptRun(string? database, out string runId)
    {
        runId = MyInvocation.BoundParameters.TryGetValue(PipedRunParameter, out var run)
            ? (run is string[] ids ? string.Join(", ", ids) : $"{run}")
            : "";
        return string.IsNullOrEmpty(database)
            && !IsDatabaseNamed
            && runId.Length > 0
            && IsGiven("DatabasePath");
    }

    /// <summary>Runs a step. A <see cref="DagException"/> becomes a terminating error.</summary>
    internal void OrThrow(Action step)
    {
        try
        {
            step();
        }
        catch (DagException error)
        {
            ThrowTerminatingError(ErrorRecords.From(error));
        }
    }

    /// <summary>Runs a step for one of several inputs. A <see cref="DagException"/> is written, and the next input follows.</summary>
    internal void OrWrite(Action step)
    {
        try
        {
            step();
        }
        catch (DagException error)
        {
            WriteError(ErrorRecords.From(error));
        }
    }

    /// <summary>Makes the retry policy from the values of the retry parameters.</summary>
    /// <param name="count">How many attempts may follow the first one.</param>
    /// <param name="delay">The wait before the second attempt.</param>
    /// <param name="backoff">How the wait grows from one attempt to the next.</param>
    /// <param name="on">Decides by the error whether to try again; <see langword="null"/> for any error.</param>
    internal RetryPolicy RetryOf(int count, TimeSpan delay, RetryBackoff backoff, ScriptBlock? on) => new()
    {
        Count = count,
        Delay = delay,
        Backoff = backoff,
        On = on is null ? null : new NodePredicate(CodeResolver.FromScript(this, on)),
    };
}
