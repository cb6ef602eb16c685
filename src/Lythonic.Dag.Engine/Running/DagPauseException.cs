namespace Lythonic.Dag;

/// <summary>Thrown by a node to pause its run; the node runs again when the run is restarted.</summary>
public sealed class DagPauseException : Exception
{
    /// <summary>Pauses without a reason.</summary>
    public DagPauseException()
        : this(null)
    {
    }

    /// <summary>Pauses.</summary>
    /// <param name="reason">Why, for people; or <see langword="null"/>.</param>
    public DagPauseException(string? reason)
        : base(reason is null ? "The node paused its run." : $"The node paused its run: {reason}") => Reason = reason;

    /// <summary>Pauses because of an exception.</summary>
    /// <param name="reason">Why, for people; or <see langword="null"/>.</param>
    /// <param name="inner">The cause.</param>
    public DagPauseException(string? reason, Exception inner)
        : base(reason, inner) => Reason = reason;

    /// <summary>Why, or <see langword="null"/>.</summary>
    public string? Reason { get; }
}
