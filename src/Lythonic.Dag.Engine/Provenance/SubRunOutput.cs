using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>What a restart needs to know of a completed sub-run.</summary>
/// <param name="Key">The store's key of the sub-run, as in <see cref="StoredRun.Key"/>.</param>
/// <param name="ElementKey">The key of its element as text, or <see langword="null"/>.</param>
/// <param name="ElementId">The identity of its element, as in <see cref="StoredRun.ElementId"/>.</param>
/// <param name="Branch">The branch that was chosen, or <see langword="null"/>.</param>
/// <param name="Output">The output of its sink; <see langword="null"/> if the sink was omitted.</param>
public readonly record struct SubRunOutput(StoreKey Key, string? ElementKey, string? ElementId, string? Branch, EncodedValue? Output);
