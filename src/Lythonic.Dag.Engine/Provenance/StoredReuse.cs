using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>A node run or element whose output can be reused.</summary>
/// <param name="Output">The output. Even a large one holds its text, because its run may be removed at any time.</param>
/// <param name="RanAt">When the code that made it ended.</param>
/// <param name="RanIn">The id of the run in which the code ran.</param>
/// <param name="Branch">For the output of a sub-run, the branch that it took; otherwise <see langword="null"/>.</param>
public sealed record StoredReuse(EncodedValue Output, DateTimeOffset RanAt, string RanIn, string? Branch = null)
{
    /// <summary>The store's key of it, or <see langword="null"/>.</summary>
    internal StoreKey? Key { get; init; }
}
