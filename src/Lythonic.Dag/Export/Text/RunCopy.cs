using System.Management.Automation;

namespace Lythonic.Dag.Export;

/// <summary>
/// Reads the copy of a run or node run that came from another process, as <c>Receive-Job</c> and <c>Import-Clixml</c> give it: it has the
/// properties, and nothing else.
/// </summary>
internal static class RunCopy
{
    /// <summary>A property, without its wrapper where it is a plain value; <see langword="null"/> where there is none.</summary>
    public static object? Read(PSObject copy, string name) => copy.Properties[name]?.Value switch
    {
        PSObject { BaseObject: not PSCustomObject and var plain } => plain,
        var value => value,
    };

    /// <summary>A property as text; <see langword="null"/> where it is empty.</summary>
    public static string? Text(PSObject copy, string name) => Read(copy, name)?.ToString() is { Length: > 0 } text ? text : null;

    /// <summary>The errors beside which it ended.</summary>
    public static ErrorCounts Errors(PSObject copy) => new(Read(copy, "ErrorCount") as int? ?? 0);

    /// <summary>A moment, or the copy of one; <see langword="null"/> for none.</summary>
    public static DateTimeOffset? Moment(object? moment) => moment switch
    {
        DateTimeOffset known => known,
        PSObject { BaseObject: DateTimeOffset known } => known,
        PSObject copy when Read(copy, "UtcDateTime") is DateTime utc => new(DateTime.SpecifyKind(utc, DateTimeKind.Utc)),
        _ => null,
    };
}
