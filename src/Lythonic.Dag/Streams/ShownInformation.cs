using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>An information record that its writer showed, as <c>-InformationAction Continue</c> does.</summary>
/// <param name="Record">The record.</param>
internal sealed record ShownInformation(InformationRecord Record);
