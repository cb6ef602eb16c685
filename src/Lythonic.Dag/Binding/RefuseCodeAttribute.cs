using System.Management.Automation;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Binding;

/// <summary>
/// Says what to write where a scriptblock stands in the place of a DAG: PowerShell would take it for the argument behind, and complain
/// of that.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RefuseCodeAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        PSWrapper.Unwrap(inputData) is ScriptBlock
            ? throw new ArgumentTransformationMetadataException(
                "A DAG is needed, and a scriptblock was given. Make a DAG of it, as in $dag = New-Dag NAME { … }, and give $dag.")
            : inputData;
}
