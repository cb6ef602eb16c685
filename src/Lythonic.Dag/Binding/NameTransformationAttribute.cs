using System.Management.Automation;

namespace Lythonic.Dag.Binding;

/// <summary>
/// Reads a scriptblock as an empty name if it stands where the name should be: it is the code, and the name was forgotten.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NameTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is ScriptBlock ? "" : inputData;
}
