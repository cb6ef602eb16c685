namespace Lythonic.Dag.Watching;

/// <summary>The progress of a map.</summary>
/// <param name="Total">How many elements it has, if that is known.</param>
/// <param name="Done">How many have completed.</param>
/// <param name="Failed">How many have ended otherwise.</param>
/// <param name="InFlight">How many are in flight.</param>
internal sealed record MapView(int? Total, int Done, int Failed, int InFlight)
{
    /// <summary>How many of the elements in flight wait.</summary>
    public int Waiting { get; init; }

    /// <summary>When the first wait ends, if that is known.</summary>
    public DateTimeOffset? WaitsUntil { get; init; }

    /// <summary>How many elements end in a second, if that is known.</summary>
    public double? Rate { get; init; }

    /// <summary>The elements in flight that began first.</summary>
    public IReadOnlyList<ElementView> Elements { get; init; } = [];

    /// <summary>The part that is done, from 0 to 1; <see langword="null"/> if the total is not known.</summary>
    public double? Share => Total is null ? null : Total == 0 ? 1 : Math.Min(1, (Done + Failed) / (double)Total);

    /// <summary>How long the rest will take at this rate; <see langword="null"/> if that is not known.</summary>
    public TimeSpan? Left =>
        Total is { } total && Rate is > 0 and var rate && total > Done + Failed
            ? TimeSpan.FromSeconds(Math.Min((total - Done - Failed) / rate, TimeSpan.FromDays(999).TotalSeconds))
            : null;
}
