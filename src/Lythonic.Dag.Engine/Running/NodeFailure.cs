namespace Lythonic.Dag;

/// <summary>Why a node failed, as data.</summary>
/// <param name="Message">One sentence, for people.</param>
/// <param name="Detail">The whole story, such as message, position and stack, for the database; or <see langword="null"/>.</param>
/// <param name="Exception">The exception, where there is one.</param>
/// <param name="Native">The host's own record of the error, such as an <c>ErrorRecord</c>; or <see langword="null"/>.</param>
public sealed record NodeFailure(string Message, string? Detail = null, Exception? Exception = null, object? Native = null)
{
    /// <summary>The error's identifier where it is one of the module's own, or <see langword="null"/>.</summary>
    public DagErrorId? ErrorId { get; init; }

    /// <summary>The code that failed, of a failure that is none of the code's own, such as a timeout; or <see langword="null"/>.</summary>
    public NodeCode? Code { get; init; }

    /// <summary>Where inside the node it failed, of a composite node; else <see langword="null"/>.</summary>
    internal FailedElement? Element { get; init; }

    /// <summary>Describes an exception; a wrapper that only says "see inside" is left off.</summary>
    /// <param name="exception">The exception.</param>
    public static NodeFailure From(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var cause = exception is AggregateException { InnerExceptions.Count: 1 } or System.Reflection.TargetInvocationException
            ? exception.InnerException ?? exception
            : exception;
        return new(ExceptionText.MessageOf(cause), ExceptionText.DetailOf(cause), cause) { ErrorId = (cause as DagException)?.Id };
    }
}
