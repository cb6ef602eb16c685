using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Sqlite;

/// <summary>A sub-run that runs no code because its output is reused. It is written in one step.</summary>
/// <param name="Nodes">Its nodes, each with its end.</param>
/// <param name="End">How the sub-run ended.</param>
internal sealed record ReusedSubRun(SqliteNodeRun[] Nodes, RunEnd End);
