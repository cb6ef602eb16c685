using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>What a job writes when its run has ended.</summary>
/// <param name="Run">The run.</param>
/// <param name="Warning">A warning about its end, or <see langword="null"/>.</param>
/// <param name="Errors">Its errors.</param>
internal sealed record WrittenRun(DagRun Run, string? Warning, IEnumerable<ErrorRecord> Errors);
