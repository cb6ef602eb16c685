using System.Management.Automation;

namespace Lythonic.Dag.Binding;

/// <summary>Refuses a negative timespan, and a timespan of zero unless it is allowed.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateSpanAttribute : ValidateArgumentsAttribute
{
    /// <summary>Whether a timespan of zero is allowed.</summary>
    public bool AllowZero { get; init; }

    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is not TimeSpan span)
            return;
        if (span < TimeSpan.Zero || (span == TimeSpan.Zero && !AllowZero))
            throw new ValidationMetadataException(
                $"The time {span} is {(span == TimeSpan.Zero ? "nothing" : "negative")}: "
                    + "give a timespan such as 00:00:30, or a text such as '30s'.");
    }
}
