using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>What a restart needs of a sub-run that completed.</summary>
/// <param name="Key">What the store calls the sub-run, as <see cref="StoredRun.Key"/>.</param>
/// <param name="ElementKey">The key of its element as text, or <see langword="null"/>.</param>
/// <param name="ElementId">The identity of its element, as <see cref="StoredRun.ElementId"/>.</param>
/// <param name="Branch">The branch that was chosen, or <see langword="null"/>.</param>
/// <param name="Output">The output of its sink; <see langword="null"/> where that was omitted.</param>
public readonly record struct SubRunOutput(StoreKey Key, string? ElementKey, string? ElementId, string? Branch, EncodedValue? Output);
