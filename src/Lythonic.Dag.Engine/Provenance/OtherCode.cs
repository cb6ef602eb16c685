namespace Lythonic.Dag.Provenance;

/// <summary>The code that a node had in an earlier run.</summary>
/// <param name="RunId">The id of that run.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Parts">What was run, part by part.</param>
internal sealed record OtherCode(string RunId, DateTimeOffset StartedAt, IReadOnlyList<ReusePart> Parts);
