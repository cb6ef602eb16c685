namespace Lythonic.Dag;

/// <summary>How an upstream of a closing node ended; a value of <see cref="DagContext.Upstreams"/>.</summary>
public sealed class UpstreamEnd
{
    private readonly Lazy<object?> _output;

    internal UpstreamEnd(string status, object? error, Func<object?> output) => (Status, Error, _output) = (status, error, new(output));

    /// <summary>
    /// The status, in lower case: <c>completed</c>, <c>skipped</c>, <c>omitted</c>, <c>failed</c>, <c>cancelled</c>, or
    /// <c>upstream_failed</c> if a failure kept it from running.
    /// </summary>
    public string Status { get; }

    /// <summary>
    /// If it failed, its error in the form that the host uses, such as an <c>ErrorRecord</c>; otherwise <see langword="null"/>.
    /// </summary>
    public object? Error { get; }

    /// <summary>Its output, or <see langword="null"/> if there is none. The first read may read it from the store.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagValueNotRestorable"/>: a stored output cannot be read.</exception>
    public object? Output => _output.Value;

    /// <inheritdoc/>
    public override string ToString() => Status;
}
