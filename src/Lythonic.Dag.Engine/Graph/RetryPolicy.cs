namespace Lythonic.Dag;

/// <summary>When and how a node tries again.</summary>
public sealed record RetryPolicy
{
    /// <summary>A node that tries once.</summary>
    public static RetryPolicy None { get; } = new();

    /// <summary>How many attempts may follow the first one.</summary>
    public int Count { get; init; }

    /// <summary>The wait before the second attempt.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How the wait grows.</summary>
    public RetryBackoff Backoff { get; init; }

    /// <summary>Decides whether to try again, or <see langword="null"/> to try again after any failure.</summary>
    public NodePredicate? On { get; init; }
}
