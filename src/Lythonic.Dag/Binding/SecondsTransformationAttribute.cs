using System.Management.Automation;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Binding;

/// <summary>Reads a number as seconds where a timespan is expected. PowerShell would read it as ticks of 100 ns.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecondsTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var bare = PSWrapper.Unwrap(inputData);
        return bare is IConvertible number && number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal
            ? TimeSpan.FromSeconds(Convert.ToDouble(number, null))
            : inputData;
    }
}
