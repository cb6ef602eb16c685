using System.Globalization;

namespace Lythonic.Dag;

/// <summary>How many elements of a map may fail: a count, or a share of the elements.</summary>
public readonly record struct AllowedFailure
{
    private AllowedFailure(double amount, bool isShare)
    {
        Amount = amount;
        IsShare = isShare;
    }

    /// <summary>The count, or the share in percent.</summary>
    public double Amount { get; }

    /// <summary>Whether <see cref="Amount"/> is a percentage.</summary>
    public bool IsShare { get; }

    /// <summary>Allows a number of failed elements.</summary>
    /// <param name="count">Zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is less than zero.</exception>
    public static AllowedFailure OfCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new(count, false);
    }

    /// <summary>Allows a share of the elements to fail.</summary>
    /// <param name="percent">From 0 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is less than 0 or more than 100.</exception>
    public static AllowedFailure OfPercent(double percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100d);
        return new(percent, true);
    }

    /// <summary>Reads <c>3</c> or <c>5%</c>.</summary>
    /// <param name="text">A count, or a percentage with its sign.</param>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static AllowedFailure Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.EndsWith('%')
            && double.TryParse(trimmed[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var percent)
            && percent is >= 0 and <= 100)
            return OfPercent(percent);
        if (int.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return OfCount(count);
        throw new FormatException($"'{text}' is neither a count such as 3 nor a percentage such as '5%'.");
    }

    /// <summary>The number of failures that <paramref name="elements"/> elements may have; a share is rounded down.</summary>
    /// <param name="elements">How many elements the map has.</param>
    public int LimitFor(int elements) => IsShare ? (int)Math.Floor(elements * Amount / 100d) : (int)Amount;

    /// <inheritdoc/>
    public override string ToString() => Amount.ToString(CultureInfo.InvariantCulture) + (IsShare ? "%" : "");
}
