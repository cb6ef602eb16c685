using System.Globalization;

namespace Lythonic.Dag.Values;

/// <summary>Numbers as people read them.</summary>
internal static class NumberText
{
    private const string WholeDouble = ".0";

    /// <summary>How many there are, with a comma behind the thousands: <c>1,000</c>.</summary>
    public static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>How many there are of something: <c>1 entry</c>, <c>1,000 entries</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="what">The word for one.</param>
    public static string Count(int count, string what) =>
        $"{Count(count)} {(count == 1 ? what : what.EndsWith('y') ? $"{what[..^1]}ies" : $"{what}s")}";

    /// <summary>The number as PowerShell writes it: <c>24.0</c> is stored for the double 24, so that it comes back as a double.</summary>
    /// <param name="json">The stored number.</param>
    /// <param name="tag">The type tag it has, if any. All digits of a decimal are its own.</param>
    public static string AsRead(string json, string? tag) => json.EndsWith(WholeDouble, StringComparison.Ordinal) && !IsOfDecimals(tag)
        ? json[..^WholeDouble.Length]
        : json;

    private static bool IsOfDecimals(string? tag) => tag?.Contains("decimal", StringComparison.Ordinal) == true;
}
