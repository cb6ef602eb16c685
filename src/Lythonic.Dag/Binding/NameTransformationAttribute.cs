using System.Management.Automation;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Binding;

/// <summary>
/// Reads a scriptblock as an empty name if it stands where the name should be: it is the code, and the name was forgotten.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NameTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        PSWrapper.Unwrap(inputData) is ScriptBlock ? "" : inputData;
}
