using System.Management.Automation;

namespace Lythonic.Dag.Values;

/// <summary>
/// The name of the type that an object has for PowerShell. <c>Select-Object -First</c>, <c>-Last</c> and the like put a name of their own
/// in front of the names of the very object that they pass on. Nodes share objects, so that is no change of the value, and not stored.
/// </summary>
internal static class OwnTypeName
{
    private const string OfSelection = "Selected.";

    /// <summary>The first name that no selection has added; <see langword="null"/> if there is none.</summary>
    public static string? Of(PSObject wrapper)
    {
        foreach (var name in wrapper.TypeNames)
        {
            if (!name.StartsWith(OfSelection, StringComparison.Ordinal))
                return name;
        }

        return null;
    }
}
