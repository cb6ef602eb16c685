using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>What holds around the code of a DAG that is strict.</summary>
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
