using System.Collections;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Runs;

/// <summary>
/// Remembers the databases of runs that were given as objects where a cmdlet takes their ids. It knows the very string that was bound to
/// the parameter, so an id that a user types has no database.
/// </summary>
internal static class GivenRuns
{
    private static readonly ConditionalWeakTable<string, Place> Places = new();

    /// <summary>Makes the id that a parameter gets.</summary>
    /// <param name="runId">The id of the run.</param>
    /// <param name="database">The path of its database, or <see langword="null"/> if it was not kept.</param>
    public static string Reference(string runId, string? database)
    {
        var reference = new string(runId);
        Places.Add(reference, new(runId, database));
        return reference;
    }

    /// <summary>The databases of all runs among the values of a cmdlet's parameters that were given as objects.</summary>
    /// <param name="values">The values.</param>
    /// <returns>The paths, each once.</returns>
    /// <exception cref="DagException"><see cref="DagErrorId.DagProvenanceRequired"/>: one of the runs was not kept.</exception>
    public static IReadOnlyList<string> DatabasesOf(IEnumerable values)
    {
        var databases = new List<string>();
        foreach (var value in values)
        {
            foreach (var id in value is string[] several ? several : value is string one ? [one] : [])
            {
                if (id is null || !Places.TryGetValue(id, out var place))
                    continue;
                var database = place.Database ?? throw StoredRuns.NotKept(place.RunId);
                if (!databases.Contains(database))
                    databases.Add(database);
            }
        }

        return databases;
    }

    private sealed record Place(string RunId, string? Database);
}
