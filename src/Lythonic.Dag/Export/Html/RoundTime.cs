using System.Globalization;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>The round times at which an axis has its marks.</summary>
internal static class RoundTime
{
    private static readonly int[] Seconds = [1, 2, 5, 10, 20, 30];
    private static readonly int[] Minutes = [1, 2, 5, 10, 15, 30];
    private static readonly int[] Hours = [1, 2, 3, 6, 12];

    private static readonly string[] Nothing = [" 0 s", " 0 min", " 0 h"];

    private static readonly TimeSpan[] Steps =
    [
        .. Decimal(TimeSpan.TicksPerMicrosecond, TimeSpan.TicksPerSecond),
        .. Seconds.Select(count => TimeSpan.FromSeconds(count)),
        .. Minutes.Select(count => TimeSpan.FromMinutes(count)),
        .. Hours.Select(count => TimeSpan.FromHours(count)),
        .. Decimal(TimeSpan.TicksPerDay, 100_000 * TimeSpan.TicksPerDay),
    ];

    /// <summary>The smallest round time that is not less than a time.</summary>
    public static TimeSpan AtLeast(TimeSpan time) => Steps.FirstOrDefault(step => step >= time, Steps[^1]);

    /// <summary>A round time as text, without the parts that are 0, as exact as the distance of the marks.</summary>
    /// <param name="time">The time.</param>
    /// <param name="step">The distance of two marks.</param>
    public static string Label(TimeSpan time, TimeSpan step)
    {
        if (step >= TimeSpan.FromSeconds(1) || time < TimeSpan.FromSeconds(1))
            return Label(time);
        var minutes = TimeSpan.FromTicks(time.Ticks - (time.Ticks % TimeSpan.TicksPerMinute));
        var seconds = (time - minutes).TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture);
        return minutes == TimeSpan.Zero ? $"{seconds} s" : $"{Label(minutes)} {seconds} s";
    }

    private static string Label(TimeSpan time)
    {
        var text = DagText.Duration(time).Replace(".0 s", " s", StringComparison.Ordinal);
        return Nothing.FirstOrDefault(text.EndsWith) is { } none ? text[..^none.Length] : text;
    }

    // 1, 2 or 5 times a power of ten.
    private static IEnumerable<TimeSpan> Decimal(long unit, long end)
    {
        for (var power = unit; power < end; power *= 10)
        {
            yield return TimeSpan.FromTicks(power);
            yield return TimeSpan.FromTicks(2 * power);
            yield return TimeSpan.FromTicks(5 * power);
        }
    }
}
