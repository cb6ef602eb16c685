using System.Globalization;

namespace Lythonic.Dag.Values;

/// <summary>Durations as text for people, in the same form everywhere.</summary>
internal static class DurationText
{
    /// <summary>A duration in the unit that suits it, such as <c>12 ms</c>, <c>3.4 s</c>, <c>2 min 5 s</c>; empty for none.</summary>
    public static string Render(TimeSpan? duration) => duration switch
    {
        null => "",
        { Ticks: <= 0 } => "0 s",
        { TotalMicroseconds: < 999.5 } span => Text($"{span.TotalMicroseconds:0} µs"),
        { TotalMilliseconds: < 999.5 } span => Text($"{span.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 59.95 } span => Text($"{span.TotalSeconds:0.0} s"),
        { } span => Long(TimeSpan.FromSeconds(Math.Round(span.TotalSeconds))),
    };

    /// <summary>A duration that is still growing or shrinking, in whole seconds, so that it does not flicker.</summary>
    public static string Rough(TimeSpan duration) => duration.TotalSeconds < 60
        ? Text($"{Math.Max(0, Math.Floor(duration.TotalSeconds)):0} s")
        : Long(TimeSpan.FromSeconds(Math.Floor(duration.TotalSeconds)));

    private static string Long(TimeSpan span) => span switch
    {
        { TotalHours: < 1 } => Text($"{span.Minutes} min {span.Seconds} s"),
        { TotalDays: < 1 } => Text($"{span.Hours} h {span.Minutes} min"),
        _ => Text($"{span.Days} d {span.Hours} h"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
