using System.Management.Automation;
using Lythonic.Dag.Errors;

namespace Lythonic.Dag.Commands;

/// <summary>What the cmdlets share: misuse becomes a terminating error, made in one place.</summary>
public abstract class DagCmdlet : PSCmdlet
{
    /// <summary>Whether <c>-WhatIf</c> holds.</summary>
    internal bool IsWhatIf =>
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given) ? ((SwitchParameter)given).IsPresent
        : LanguagePrimitives.IsTrue(SessionState.PSVariable.GetValue("WhatIfPreference"));

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
}
