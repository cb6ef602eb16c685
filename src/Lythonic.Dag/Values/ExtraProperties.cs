using System.Management.Automation;
using System.Management.Automation.Language;

namespace Lythonic.Dag.Values;

/// <summary>Properties that PowerShell's own serialisation, or this module, makes of the engine's objects.</summary>
internal static class ExtraProperties
{
    /// <summary>Stands for all of these properties in a list of names.</summary>
    public const string Name = "$extra";

    /// <summary>The properties of an object.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Read(object value) => value switch
    {
        ScriptBlock script => [new("StartLine", script.Ast?.Extent.StartLineNumber)],
        Ast ast => [new("StartLine", ast.Extent.StartLineNumber), new("File", ast.Extent.File)],
        // An alias that PowerShell does not show but serialises.
        CommandInfo command => [new("Namespace", command.ModuleName)],
        ErrorRecord error => OfError(error),
        _ => [],
    };

    // Remoting uses these names for the parts of an error record. Scripts that read one from a job or another machine know them.
    private static IEnumerable<KeyValuePair<string, object?>> OfError(ErrorRecord error)
    {
        var category = error.CategoryInfo;
        return
        [
            new("ErrorCategory_Category", (int)category.Category),
            new("ErrorCategory_Activity", category.Activity),
            new("ErrorCategory_Reason", category.Reason),
            new("ErrorCategory_TargetName", category.TargetName),
            new("ErrorCategory_TargetType", category.TargetType),
            new("ErrorCategory_Message", category.GetMessage()),
            new("ErrorDetails_Message", error.ErrorDetails?.Message),
            new("ErrorDetails_RecommendedAction", error.ErrorDetails?.RecommendedAction),
            new("ErrorDetails_ScriptStackTrace", error.ScriptStackTrace),
            new("SerializeExtendedInfo", false),
        ];
    }
}
