using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Errors;

namespace Lythonic.Dag.Commands;

/// <summary>What the cmdlets share: misuse becomes a terminating error, made in one place.</summary>
public abstract class DagCmdlet : PSCmdlet
{
    /// <summary>Whether <c>-WhatIf</c> holds.</summary>
    internal bool IsWhatIf =>
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given) ? ((SwitchParameter)given).IsPresent
        : LanguagePrimitives.IsTrue(SessionState.PSVariable.GetValue("WhatIfPreference"));

    /// <summary>Whether <c>-DatabasePath</c> stands on the line, and does not come from the pipeline.</summary>
    internal bool IsDatabaseNamed { get; private set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => IsDatabaseNamed = MyInvocation.BoundParameters.ContainsKey("DatabasePath");

    /// <summary>Whether the database comes from a run in the pipeline, which was not kept and has none.</summary>
    /// <param name="database">What was given.</param>
    /// <param name="runId">The run.</param>
    internal bool IsOfUnkeptRun(string? database, out string runId)
    {
        runId = MyInvocation.BoundParameters.TryGetValue("RunId", out var run)
            ? (run is string[] ids ? string.Join(", ", ids) : $"{run}")
            : "";
        return string.IsNullOrEmpty(database)
            && !IsDatabaseNamed
            && runId.Length > 0
            && MyInvocation.BoundParameters.ContainsKey("DatabasePath");
    }

    /// <summary>Runs a step; a misuse ends the cmdlet.</summary>
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

    /// <summary>Runs a step for one of several inputs; a misuse is written, and the next input has its turn.</summary>
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

    /// <summary>The policy of the parameters for retries.</summary>
    /// <param name="count">How many attempts may follow the first.</param>
    /// <param name="delay">The wait before another.</param>
    /// <param name="backoff">How the wait grows.</param>
    /// <param name="on">Says of an error whether to try again.</param>
    internal RetryPolicy RetryOf(int count, TimeSpan delay, RetryBackoff backoff, ScriptBlock? on) => new()
    {
        Count = count,
        Delay = delay,
        Backoff = backoff,
        On = on is null ? null : new NodePredicate(CodeResolver.FromScript(this, on)),
    };
}
