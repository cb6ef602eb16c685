using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>
/// A completed sub-run, as a restart reads it. There may be very many, so it is a struct that is valid only while it is looked at.
/// </summary>
internal readonly ref struct CompletedSubRun
{
    /// <summary>What the store calls the sub-run, as <see cref="StoredRun.Key"/>.</summary>
    public required StoreKey Key { get; init; }

    /// <summary>The position of its element when it ran.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The key of its element as text; <see langword="null"/> if that is its position.</summary>
    public string? ElementKey { get; init; }

    /// <summary>The identity of its element, as <see cref="StoredRun.ElementId"/>.</summary>
    public string? ElementId { get; init; }

    /// <summary>The branch that was chosen, or <see langword="null"/>.</summary>
    public string? Branch { get; init; }

    /// <summary>The output of its sink, if the store keeps it apart; otherwise <see langword="null"/>.</summary>
    public EncodedValue? Apart { get; init; }

    /// <summary>The text of the output as UTF-8; empty if it is kept apart or the sink was omitted.</summary>
    public ReadOnlySpan<byte> Output { get; init; }
}

/// <summary>Takes a completed sub-run.</summary>
internal delegate void CompletedSubRunTaker(CompletedSubRun subRun);
