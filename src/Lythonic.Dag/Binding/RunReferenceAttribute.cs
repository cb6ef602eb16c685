using System.Collections;
using System.Management.Automation;
using Lythonic.Dag.Runs;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Binding;

/// <summary>
/// Lets a parameter that takes the id of a run take the run itself. A run knows its database, so <c>-DatabasePath</c> need not be given.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RunReferenceAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => PSWrapper.Unwrap(inputData) switch
    {
        string => inputData,
        // The pipeline gives one run at a time, and binds the database of each by its name.
        IList list when Ids(list) is { } ids => ids,
        _ => Id(inputData) ?? inputData,
    };

    private static string[]? Ids(IList list)
    {
        var ids = list.Cast<object?>().Select(Id).OfType<string>().ToArray();
        return ids.Length > 0 && ids.Length == list.Count ? ids : null;
    }

    // A run that comes from a job or from Select-Object is an object with the same properties.
    private static string? Id(object? input) => PSWrapper.Unwrap(input) switch
    {
        null => null,
        string id => id,
        DagRun run => GivenRuns.Reference(run.RunId, run.DatabasePath),
        _ when input is PSObject item && ValueOf(item, "RunId") is string id && item.Properties["DatabasePath"] is not null =>
            GivenRuns.Reference(id, ValueOf(item, "DatabasePath") as string),
        _ => null,
    };

    // What a command wrote has a wrapper.
    private static object? ValueOf(PSObject item, string property) => PSWrapper.Unwrap(item.Properties[property]?.Value);
}
