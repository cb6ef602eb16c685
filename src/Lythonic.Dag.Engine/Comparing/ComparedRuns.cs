using Lythonic.Dag.Provenance;

namespace Lythonic.Dag;

/// <summary>Two runs that are compared.</summary>
/// <param name="Reference">The first run.</param>
/// <param name="Difference">The second run.</param>
internal sealed record ComparedRuns(StoredRun Reference, StoredRun Difference);
