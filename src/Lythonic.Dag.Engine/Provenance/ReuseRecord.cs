using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>What is stored with a node run so that node runs with the same code and inputs can reuse its output.</summary>
/// <param name="Key">A hash of the code and the inputs, in hexadecimal.</param>
/// <param name="CodeKey">A hash of the code, in hexadecimal.</param>
/// <param name="Code">The parts of the code; empty for an element of a map, because there may be very many elements.</param>
/// <param name="Inputs">The parts of the inputs; empty for an element of a map.</param>
/// <param name="RanAt">When the code that made the output ended.</param>
/// <param name="RanIn">The id of the run in which the code ran, if that is another run; otherwise <see langword="null"/>.</param>
public sealed record ReuseRecord(
    string Key, string CodeKey, IReadOnlyList<ReusePart> Code, IReadOnlyList<ReusePart> Inputs, DateTimeOffset RanAt, string? RanIn = null)
{
    /// <summary>The node run whose output was reused, if the store needs to record only a reference to it.</summary>
    internal StoreKey? Of { get; init; }
}
