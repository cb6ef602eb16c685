using System.Management.Automation;

namespace Lythonic.Dag.Transport;

/// <summary>How a remote pipeline ended.</summary>
/// <param name="State">Its last state; running, if it was given up.</param>
/// <param name="Reason">Why it failed, or <see langword="null"/>.</param>
/// <param name="Output">Its output.</param>
/// <param name="LastError">The error that came after its answer, or <see langword="null"/>.</param>
internal sealed record PipelineEnd(
    PSInvocationState State, Exception? Reason, IReadOnlyList<PSObject> Output, ErrorRecord? LastError = null);
