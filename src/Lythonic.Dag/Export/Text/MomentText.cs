using System.Globalization;

namespace Lythonic.Dag.Export;

/// <summary>Moments as text for people, in local time. The zone is shown only once.</summary>
internal static class MomentText
{
    /// <summary>How many letters a day of the week and the time of day take.</summary>
    public const int DayAndTime = 9;

    private const int DaysOfWeek = 7;

    /// <summary>Date, time and zone, such as <c>2026-11-27 20:23:54 (UTC+01:00)</c>.</summary>
    public static string WithZone(DateTimeOffset moment) => $"{Whole(moment)} ({Zone(moment)})";

    /// <summary>The zone of local time at a moment, such as <c>UTC+01:00</c>.</summary>
    public static string Zone(DateTimeOffset moment)
    {
        var offset = moment.ToLocalTime().Offset;
        return Text($"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm}");
    }

    /// <summary>Date and time.</summary>
    public static string Whole(DateTimeOffset moment) => Text($"{moment.ToLocalTime():yyyy-MM-dd HH:mm:ss}");

    /// <summary>The time of the day.</summary>
    public static string Clock(DateTimeOffset moment) => Text($"{moment.ToLocalTime():HH:mm:ss}");

    /// <summary>The time of the day, with the date if it is not today.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="now">What today is told by.</param>
    /// <param name="inSeconds">Whether seconds tell moments of one minute apart.</param>
    public static string Short(DateTimeOffset moment, DateTimeOffset now, bool inSeconds = false)
    {
        var (local, today) = (moment.ToLocalTime(), now.ToLocalTime());
        return inSeconds ? (local.Date == today.Date ? Clock(local) : Whole(local))
            : local.Date == today.Date ? Text($"{local:HH:mm}")
            : local.Year == today.Year ? Text($"{local:MM-dd HH:mm}")
            : Text($"{local:yyyy-MM-dd}");
    }

    /// <summary>The same for a narrow column, on two lines at most: the last days by their names.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="now">What today is told by.</param>
    /// <param name="width">How many letters there is room for on a line.</param>
    public static string InColumn(DateTimeOffset moment, DateTimeOffset now, int width = DayAndTime)
    {
        var (local, days) = (moment.ToLocalTime(), (now.ToLocalTime().Date - moment.ToLocalTime().Date).Days);
        return days is > 0 and < DaysOfWeek ? Text($"{local:ddd HH:mm}").Replace(' ', width < DayAndTime ? '\n' : ' ')
            : local.Year == now.ToLocalTime().Year ? Short(moment, now).Replace(' ', '\n')
            : Text($"{local:MM-dd}\n{local:yyyy}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
