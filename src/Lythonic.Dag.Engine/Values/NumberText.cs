namespace Lythonic.Dag.Values;

/// <summary>Stored numbers as people read them.</summary>
internal static class NumberText
{
    private const string WholeDouble = ".0";

    /// <summary>The number as PowerShell writes it: <c>24.0</c> is stored for the double 24, so that it comes back as a double.</summary>
    /// <param name="json">The stored number.</param>
    /// <param name="tag">The type tag it has, if any. All digits of a decimal are its own.</param>
    public static string AsRead(string json, string? tag) => json.EndsWith(WholeDouble, StringComparison.Ordinal) && !IsOfDecimals(tag)
        ? json[..^WholeDouble.Length]
        : json;

    private static bool IsOfDecimals(string? tag) => tag?.Contains("decimal", StringComparison.Ordinal) == true;
}
