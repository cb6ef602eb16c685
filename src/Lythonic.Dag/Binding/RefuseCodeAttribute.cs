using System.Management.Automation;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Binding;

/// <summary>
/// Refuses a scriptblock that was given in the place of a DAG, and says what to write instead. PowerShell binds it to the next parameter,
/// which this attribute marks, and would complain about that parameter.
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
