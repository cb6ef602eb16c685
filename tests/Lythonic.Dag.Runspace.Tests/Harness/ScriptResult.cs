using System.Globalization;
using System.Management.Automation;

namespace Lythonic.Dag.Runspace.Tests.Harness;

/// <summary>What a script wrote, stream by stream.</summary>
internal sealed record ScriptResult(
    IReadOnlyList<PSObject?> Output,
    IReadOnlyList<ErrorRecord> Errors,
    IReadOnlyList<WarningRecord> Warnings,
    IReadOnlyList<VerboseRecord> Verbose,
    IReadOnlyList<DebugRecord> Debug,
    IReadOnlyList<InformationRecord> Information,
    IReadOnlyList<ProgressRecord> Progress,
    ErrorRecord? TerminatingError)
{
    /// <summary>The output as text, one object a line.</summary>
    public string Text => string.Join('\n', Output.Select(item => Convert.ToString(item?.BaseObject, CultureInfo.InvariantCulture)));

    /// <summary>Every error, the terminating one first.</summary>
    public IEnumerable<ErrorRecord> AllErrors => TerminatingError is { } error ? [error, .. Errors] : Errors;

    /// <summary>Asserts that there was no error, and returns the result.</summary>
    public ScriptResult Sound()
    {
        Assert.Empty(AllErrors.Select(error => $"{error.FullyQualifiedErrorId}: {error}\n{error.ScriptStackTrace}"));
        return this;
    }
}
