namespace Lythonic.Dag;

/// <summary>Thrown by a node to pause its run; the node runs again when the run is restarted.</summary>
public sealed class DagPauseException : Exception
{
    /// <summary>Makes an exception without a reason.</summary>
    public DagPauseException()
        : this(null)
    {
    }

    /// <summary>Makes an exception with a reason.</summary>
    /// <param name="reason">Why the run is paused, for people; or <see langword="null"/>.</param>
    public DagPauseException(string? reason)
        : base(reason is null ? "The node paused its run." : $"The node paused its run: {reason}") => Reason = reason;

    /// <summary>Makes an exception with a reason and a cause.</summary>
    /// <param name="reason">Why the run is paused, for people; or <see langword="null"/>.</param>
    /// <param name="inner">The exception that caused the pause.</param>
    public DagPauseException(string? reason, Exception inner)
        : base(reason, inner) => Reason = reason;

    /// <summary>Why the run is paused, or <see langword="null"/>.</summary>
    public string? Reason { get; }
}
