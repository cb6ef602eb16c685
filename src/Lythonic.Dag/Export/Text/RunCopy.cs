using System.Management.Automation;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Export;

/// <summary>
/// Reads the copy of a run or node run that came from another process, as <c>Receive-Job</c> and <c>Import-Clixml</c> return it. It has
/// only the properties.
/// </summary>
internal static class RunCopy
{
    /// <summary>A property, without its wrapper if it is a plain value; <see langword="null"/> if there is none.</summary>
    public static object? Read(PSObject copy, string name) => PSWrapper.Unwrap(copy.Properties[name]?.Value);

    /// <summary>A property as text; <see langword="null"/> if it is empty.</summary>
    public static string? Text(PSObject copy, string name) => Read(copy, name)?.ToString() is { Length: > 0 } text ? text : null;

    /// <summary>A property that is a list; empty if there is none.</summary>
    public static IReadOnlyList<PSObject> Items(PSObject copy, string name) =>
        [.. (LanguagePrimitives.GetEnumerable(copy.Properties[name]?.Value)?.Cast<object>() ?? []).Select(PSObject.AsPSObject)];

    /// <summary>The errors that did not fail it.</summary>
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
