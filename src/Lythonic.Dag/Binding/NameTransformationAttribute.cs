using System.Management.Automation;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Binding;

/// <summary>
/// Reads a scriptblock in the place of a name as an empty name: the user forgot the name and gave the code. The cmdlet then says so.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NameTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        PSWrapper.Unwrap(inputData) is ScriptBlock ? "" : inputData;
}
