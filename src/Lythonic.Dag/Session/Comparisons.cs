using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Commands;

/// <summary>
/// Which runs a session compared last. A comparison of equal runs writes nothing, and a page of it can be drawn all the same where it is
/// in the pipeline before.
/// </summary>
internal static class Comparisons
{
    private static readonly ConditionalWeakTable<Runspace, StrongBox<ComparedRuns?>> Sessions = [];

    /// <summary>The runs that were compared last, each time as another object; or <see langword="null"/>.</summary>
    public static ComparedRuns? Last
    {
        get => Box?.Value;
        set
        {
            if (Box is { } box)
                box.Value = value;
        }
    }

    private static StrongBox<ComparedRuns?>? Box => Runspace.DefaultRunspace is { } session ? Sessions.GetOrCreateValue(session) : null;
}
