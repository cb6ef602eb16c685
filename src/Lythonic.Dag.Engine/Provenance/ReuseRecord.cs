using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>What is kept with a node run so that others of the same code and inputs can take its output.</summary>
/// <param name="Key">A text that is the same for the same code and inputs, in hexadecimal.</param>
/// <param name="CodeKey">A text that is the same for the same code.</param>
/// <param name="Code">What the code consists of; empty for an element of a map, of which there may be very many.</param>
/// <param name="Inputs">What it was given; empty for an element of a map.</param>
/// <param name="RanAt">When the code ended that made the output.</param>
/// <param name="RanIn">The run in which it ran, where that is another one; else <see langword="null"/>.</param>
public sealed record ReuseRecord(
    string Key, string CodeKey, IReadOnlyList<ReusePart> Code, IReadOnlyList<ReusePart> Inputs, DateTimeOffset RanAt, string? RanIn = null)
{
    /// <summary>Which node run's output was taken over, where the store need keep no more than that.</summary>
    internal StoreKey? Of { get; init; }
}
