using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Sqlite;

/// <summary>A sub-run that took over an output, to be written whole.</summary>
/// <param name="Nodes">Its nodes, each with its end.</param>
/// <param name="End">How the sub-run ended.</param>
internal sealed record RunTaken(IReadOnlyList<SqliteNodeRun> Nodes, RunEnd End);
