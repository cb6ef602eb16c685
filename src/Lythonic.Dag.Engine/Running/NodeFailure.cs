namespace Lythonic.Dag;

/// <summary>Why a node failed.</summary>
/// <param name="Message">One sentence, for people.</param>
/// <param name="Detail">All that is known, such as message, position and stack, for the database; or <see langword="null"/>.</param>
/// <param name="Exception">The exception, or <see langword="null"/>.</param>
/// <param name="Native">The host's own record of the error, such as an <c>ErrorRecord</c>; or <see langword="null"/>.</param>
public sealed record NodeFailure(string Message, string? Detail = null, Exception? Exception = null, object? Native = null)
{
    /// <summary>The id of the error if it is one of the module's own, or <see langword="null"/>.</summary>
    public DagErrorId? ErrorId { get; init; }

    /// <summary>
    /// The code of the node, if the failure was not raised by the code itself, such as a timeout; or <see langword="null"/>.
    /// </summary>
    public NodeCode? Code { get; init; }

    /// <summary>For a composite node, the element that failed; otherwise <see langword="null"/>.</summary>
    internal FailedElement? Element { get; init; }

    /// <summary>The parameter of the node that refused its value, so that the code did not begin; or <see langword="null"/>.</summary>
    internal string? RefusedBy { get; init; }

    /// <summary>Whether the value that was refused came from upstreams, which the message names.</summary>
    internal bool IsOfWiring { get; init; }

    /// <summary>How many attempts the node inside a composite node had that failed; 0 if that is not known.</summary>
    internal int Attempts { get; init; }

    /// <summary>Makes a failure of an exception. An exception that only wraps another one is replaced by the inner one.</summary>
    /// <param name="exception">The exception.</param>
    public static NodeFailure From(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var cause = exception is AggregateException { InnerExceptions.Count: 1 } or System.Reflection.TargetInvocationException
            ? exception.InnerException ?? exception
            : exception;
        var message = ExceptionText.MessageOf(cause);
        // The module's own errors say what is wrong; where it noticed them helps nobody, unless the module itself is at fault.
        var isMisuse = cause is DagException { Id: not DagErrorId.DagEngineFault };
        return new(message, isMisuse ? message : ExceptionText.DetailOf(cause), cause) 
        {
            ErrorId = (cause as DagException)?.Id,
            RefusedBy = (cause as DagException)?.RefusedBy,
        };
    }
}
