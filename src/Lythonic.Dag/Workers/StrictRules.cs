using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>The preferences that apply to the code of a strict DAG.</summary>
internal static class StrictRules
{
    /// <summary>The preference variables.</summary>
    public static IReadOnlyDictionary<string, object?> Variables { get; } =
        new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["ErrorActionPreference"] = ActionPreference.Stop,
            ["PSNativeCommandUseErrorActionPreference"] = true,
        };
}
