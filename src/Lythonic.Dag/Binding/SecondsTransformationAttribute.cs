using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Binding;

/// <summary>
/// Reads a timespan: a text with a unit, such as <c>30d</c> or <c>90min</c>, and a number as seconds. PowerShell would read a number as
/// ticks of 100 ns, and its text as days.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed partial class SecondsTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Advice = "Write '30d' (with quotes, as PowerShell reads 30d as a number), '12h', '90min' or '45s', "
        + "a timespan such as 30.00:00:00, or (New-TimeSpan -Days 30).";

    /// <summary>Whether a number needs a unit, because people do not think of seconds there. Zero needs none.</summary>
    public bool NeedsUnit { get; init; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        switch (PSWrapper.Unwrap(inputData))
        {
            // PowerShell reads 30d as a decimal number, and the letter is lost.
            case decimal number when number != 0:
                throw WithoutUnit(number);
            case IConvertible number when number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal:
                return Seconds(number);
            case string text when Amount().Match(text) is { Success: true } amount:
                return double.TryParse(amount.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                    ? amount.Groups[2].Length == 0 ? Seconds(value) : Span(value, amount.Groups[2].Value)
                    : inputData;
            case string text when text.Length > 0 && !LanguagePrimitives.TryConvertTo<TimeSpan>(text, out _):
                throw new ArgumentTransformationMetadataException($"'{text}' is no time. {Advice}");
            default:
                return inputData;
        }
    }

    private TimeSpan Seconds(IConvertible number)
    {
        var seconds = number.ToDouble(CultureInfo.InvariantCulture);
        return NeedsUnit && seconds > 0 ? throw WithoutUnit(number) : TimeSpan.FromSeconds(seconds);
    }

    private static TimeSpan Span(double value, string unit) => unit.ToUpperInvariant() switch
    {
        "D" => TimeSpan.FromDays(value),
        "H" => TimeSpan.FromHours(value),
        "MIN" => TimeSpan.FromMinutes(value),
        "MS" => TimeSpan.FromMilliseconds(value),
        _ => TimeSpan.FromSeconds(value),
    };

    private static ArgumentTransformationMetadataException WithoutUnit(IConvertible number) => new(
        $"The number {number.ToString(CultureInfo.InvariantCulture)} has no unit. "
            + Advice);

    [GeneratedRegex(@"^\s*(\d+(?:\.\d+)?)\s*(d|h|min|s|ms|)\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Amount();
}
