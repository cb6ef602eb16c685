using Lythonic.Dag.Values;

namespace Lythonic.Dag.Sqlite;

/// <summary>A row of a lookup: a node run whose output may be reused.</summary>
/// <param name="RanAt">When its code ended.</param>
/// <param name="RanIn">The run in which the code ran.</param>
/// <param name="Branch">The branch of a sub-run, or <see langword="null"/>.</param>
/// <param name="Payload">The key of the output where that is stored apart, or <see langword="null"/>.</param>
/// <param name="Json">Otherwise its text.</param>
/// <param name="Key">The key of the row by which it is found.</param>
internal sealed record ReuseCandidate(DateTimeOffset RanAt, string RanIn, string? Branch, long? Payload, string? Json, StoreKey Key);
