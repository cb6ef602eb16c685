using System.Globalization;

namespace Lythonic.Dag.Values;

/// <summary>
/// Stored texts of types that people read otherwise: a moment in local time, a duration in words, bytes with their number.
/// </summary>
internal static class ReadableText
{
    /// <summary>The text as people read it.</summary>
    /// <param name="tag">The type tag of the value.</param>
    /// <param name="text">Its stored text.</param>
    public static string Of(string? tag, string text) => tag switch
    {
        "datetime" when DateTime.TryParseExact(text, "o", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var moment) =>
            Of(moment),
        "datetimeoffset" when DateTimeOffset.TryParseExact(
            text, "o", CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) => Of(moment.LocalDateTime),
        "timespan" when TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var duration) && duration >= TimeSpan.Zero =>
            DurationText.Render(duration),
        "byte[]" => string.Create(
            CultureInfo.InvariantCulture, $"{(text.Length / 4 * 3) - text.AsSpan().Count('='):N0} bytes: {text}"),
        _ => text,
    };

    // In local time, without the parts that are zero.
    private static string Of(DateTime moment)
    {
        var local = moment.Kind == DateTimeKind.Utc ? moment.ToLocalTime() : moment;
        return local.ToString(
            local.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd"
                : local.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd HH:mm:ss"
                : "yyyy-MM-dd HH:mm:ss.FFF",
            CultureInfo.InvariantCulture);
    }
}
