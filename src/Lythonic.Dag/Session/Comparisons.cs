using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Sessions;

/// <summary>
/// Remembers which runs a session compared last. <c>Compare-DagRun</c> writes nothing for equal runs, and <c>Export-Dag</c> behind it in
/// the pipeline still has to name them on its page.
/// </summary>
internal static class Comparisons
{
    private static readonly ConditionalWeakTable<Runspace, StrongBox<ComparedRuns?>> Sessions = [];

    /// <summary>The runs that were compared last, a new object for each comparison; <see langword="null"/> before the first.</summary>
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
