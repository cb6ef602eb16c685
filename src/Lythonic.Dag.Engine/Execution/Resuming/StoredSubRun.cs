using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>A stored sub-run of a composite node.</summary>
/// <param name="Key">The store's own key, which is higher for newer ones.</param>
/// <param name="ElementKey">The key of its element as text.</param>
/// <param name="ElementId">What tells its element from others; <see langword="null"/> for a position, and in older files.</param>
/// <param name="Branch">The branch that was chosen, or <see langword="null"/>.</param>
/// <param name="Unfinished">The sub-run where it did not complete, else <see langword="null"/>.</param>
/// <param name="Output">The output where it completed and its sink was not omitted, else <see langword="null"/>.</param>
internal sealed record StoredSubRun(
    StoreKey Key, string? ElementKey, string? ElementId, string? Branch, StoredRun? Unfinished, EncodedValue? Output);
