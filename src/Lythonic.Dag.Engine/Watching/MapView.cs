namespace Lythonic.Dag.Watching;

/// <summary>How far a map is.</summary>
/// <param name="Total">How many elements it has, where that is known.</param>
/// <param name="Done">How many have completed.</param>
/// <param name="Failed">How many have ended otherwise.</param>
/// <param name="InFlight">How many are in flight.</param>
internal sealed record MapView(int? Total, int Done, int Failed, int InFlight)
{
    /// <summary>How many of those in flight wait.</summary>
    public int Waiting { get; init; }

    /// <summary>When the first wait ends, where that is known.</summary>
    public DateTimeOffset? WaitsUntil { get; init; }

    /// <summary>How many end in a second, where that is known.</summary>
    public double? Rate { get; init; }

    /// <summary>Of those in flight the first ones that began.</summary>
    public IReadOnlyList<ElementView> Elements { get; init; } = [];

    /// <summary>How much of it is done, from 0 to 1; <see langword="null"/> where the total is not known.</summary>
    public double? Share => Total is null ? null : Total == 0 ? 1 : Math.Min(1, (Done + Failed) / (double)Total);

    /// <summary>How long the rest takes at this rate; <see langword="null"/> where nobody can tell.</summary>
    public TimeSpan? Left =>
        Total is { } total && Rate is > 0 and var rate && total > Done + Failed
            ? TimeSpan.FromSeconds(Math.Min((total - Done - Failed) / rate, TimeSpan.FromDays(999).TotalSeconds))
            : null;
}
