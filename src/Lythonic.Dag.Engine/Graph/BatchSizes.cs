using System.Globalization;

namespace Lythonic.Dag;

/// <summary>The sizes of the batches in which a map runs its elements: <c>-Batch 1, 5, '25%'</c>. The last size repeats.</summary>
public sealed class BatchSizes
{
    private readonly (double Amount, bool IsShare)[] _sizes;

    private BatchSizes((double Amount, bool IsShare)[] sizes) => _sizes = sizes;

    /// <summary>Reads sizes.</summary>
    /// <param name="texts">At least one: each a count from 1, or a percentage of the whole list with its sign, above 0 and up to
    /// 100.</param>
    /// <exception cref="FormatException">A text is neither, or there is none.</exception>
    public static BatchSizes Parse(IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var sizes = texts.Select(ParseOne).ToArray();
        return sizes.Length > 0 ? new(sizes) : throw new FormatException("A batch needs a size.");
    }

    /// <summary>How many elements a batch has; a percentage is rounded up.</summary>
    /// <param name="batch">Which batch, from 0.</param>
    /// <param name="elements">How many elements the map has.</param>
    /// <returns>At least 1. The last batch of a map may have fewer elements left.</returns>
    public int SizeOf(int batch, int elements)
    {
        var (amount, isShare) = _sizes[Math.Min(batch, _sizes.Length - 1)];
        return Math.Max(1, isShare ? (int)Math.Ceiling(elements * amount / 100d) : (int)amount);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(", ", _sizes.Select(size => size.Amount.ToString(CultureInfo.InvariantCulture) + (size.IsShare ? "%" : "")));

    private static (double Amount, bool IsShare) ParseOne(string text)
    {
        var trimmed = (text ?? "").Trim();
        if (trimmed.EndsWith('%')
            && double.TryParse(trimmed[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            && percent is > 0 and <= 100)
            return (percent, true);
        if (int.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
            return (count, false);
        throw new FormatException($"'{text}' is neither a count such as 5 nor a percentage such as '25%', above 0 and up to 100.");
    }
}
