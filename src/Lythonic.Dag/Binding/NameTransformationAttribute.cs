using System.Management.Automation;

namespace Lythonic.Dag.Binding;

/// <summary>
/// Reads a scriptblock in the place of a name as no name: it is the code that was to follow one, and its text names nothing.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NameTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is ScriptBlock ? "" : inputData;
}
