using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>A stored sub-run of a composite node. There may be very many.</summary>
/// <param name="Key">The store's own key, which is higher for newer ones.</param>
/// <param name="IsIdentified">Whether it has the identity of its element; not if that is a position, and not in older files.</param>
/// <param name="Branch">The branch that was chosen, or <see langword="null"/>.</param>
/// <param name="Unfinished">The sub-run if it did not complete, else <see langword="null"/>.</param>
/// <param name="Apart">The output if it completed and the store keeps the output in a file; else <see langword="null"/>.</param>
/// <param name="Text">Otherwise the place of the output's text; its length is 0 if it did not complete or its sink was omitted.</param>
internal readonly record struct StoredSubRun(
    StoreKey Key, bool IsIdentified, string? Branch, StoredRun? Unfinished, EncodedValue? Apart, TextPlace Text)
{
    /// <summary>Makes one that did not complete.</summary>
    public static StoredSubRun From(StoredRun run) => new(run.Key, run.ElementId is not null, run.Branch, run, null, default);

    /// <summary>Makes one that completed.</summary>
    /// <param name="run">The sub-run.</param>
    /// <param name="texts">Gets the text of its output.</param>
    public static StoredSubRun From(CompletedSubRun run, TextPages texts) =>
        new(run.Key, run.ElementId is not null, run.Branch, null, run.Apart, run.Output.Length == 0 ? default : texts.Add(run.Output));
}
