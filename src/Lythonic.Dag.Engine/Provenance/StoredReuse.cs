using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>A node run whose output can be taken over.</summary>
/// <param name="Output">The output. A large one has its text here too: the run that it belongs to may be removed at any time.</param>
/// <param name="RanAt">When the code ended that made it.</param>
/// <param name="RanIn">The run in which it ran.</param>
/// <param name="Branch">The branch that its sub-run took, where it is the output of one; else <see langword="null"/>.</param>
public sealed record StoredReuse(EncodedValue Output, DateTimeOffset RanAt, string RanIn, string? Branch = null)
{
    /// <summary>By what the store knows it; or <see langword="null"/>.</summary>
    internal StoreKey? Key { get; init; }
}
