namespace Lythonic.Dag;

/// <summary>How a node ended, as a value.</summary>
public readonly record struct NodeOutcome
{
    private NodeOutcome(NodeOutcomeKind kind, object? value, NodeFailure? failure, string? reason)
    {
        Kind = kind;
        Value = value;
        Failure = failure;
        PauseReason = reason;
    }

    /// <summary>How the node ended.</summary>
    public NodeOutcomeKind Kind { get; }

    /// <summary>The output of a completed node.</summary>
    public object? Value { get; }

    /// <summary>The failure of a failed or unreachable node, or <see langword="null"/>.</summary>
    public NodeFailure? Failure { get; }

    /// <summary>The reason that a paused node gave, or <see langword="null"/>.</summary>
    public string? PauseReason { get; }

    /// <summary>Whether the code of the node may have begun to run. False if its host could not be reached.</summary>
    public bool HasBegun { get; private init; } = true;

    /// <summary>The node completed.</summary>
    /// <param name="value">Its output.</param>
    public static NodeOutcome Completed(object? value) => new(NodeOutcomeKind.Completed, value, null, null);

    /// <summary>The node failed.</summary>
    /// <param name="failure">Why it failed.</param>
    public static NodeOutcome Failed(NodeFailure failure) => new(NodeOutcomeKind.Failed, null, failure, null);

    /// <summary>The node paused its run.</summary>
    /// <param name="reason">The reason that it gave, or <see langword="null"/>.</param>
    public static NodeOutcome Paused(string? reason) => new(NodeOutcomeKind.Paused, null, null, reason);

    /// <summary>The node was stopped.</summary>
    public static NodeOutcome Cancelled() => new(NodeOutcomeKind.Cancelled, null, null, null);

    /// <summary>The host of the node could not be reached, or was lost during the call.</summary>
    /// <param name="failure">The failure, with the id <see cref="DagErrorId.DagHostUnreachable"/>. It names the host and the cause.</param>
    /// <param name="hasBegun">Whether the call had been sent, so that its code may have run in part.</param>
    public static NodeOutcome Unreachable(NodeFailure failure, bool hasBegun) =>
        new(NodeOutcomeKind.Unreachable, null, failure, null) { HasBegun = hasBegun };

    /// <summary>The outcome that an exception from a node stands for: a pause, a cancellation or a failure.</summary>
    /// <param name="exception">The exception, wrapped or not.</param>
    /// <param name="cancellationToken">The token that the node was given.</param>
    public static NodeOutcome From(Exception exception, CancellationToken cancellationToken)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is DagPauseException pause)
                return Paused(pause.Reason);
            if (cause is OperationCanceledException && cancellationToken.IsCancellationRequested)
                return Cancelled();
        }

        return Failed(NodeFailure.From(exception));
    }
}
