using System.Management.Automation;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Binding;

/// <summary>Refuses a run id that was given in the place of a run, and says how to get the run.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RefuseRunIdAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        PSWrapper.Unwrap(inputData) is string id
            ? throw new ArgumentTransformationMetadataException(
                $"'{id}' is a text, and a DAG or a run is needed: Get-DagRun {id} | Export-Dag")
            : inputData;
}
