namespace Lythonic.Dag;

/// <summary>How an upstream of a closing node ended, as <see cref="DagContext.Upstreams"/> says it.</summary>
public sealed class UpstreamEnd
{
    private readonly Lazy<object?> _output;

    internal UpstreamEnd(string status, object? error, Func<object?> output) => (Status, Error, _output) = (status, error, new(output));

    /// <summary>
    /// The status, in lower case: <c>completed</c>, <c>skipped</c>, <c>omitted</c>, <c>failed</c>, <c>cancelled</c>, or
    /// <c>upstream_failed</c> where a failure kept it from running.
    /// </summary>
    public string Status { get; }

    /// <summary>Its error as the host shows errors, such as an <c>ErrorRecord</c>, where it failed; else <see langword="null"/>.</summary>
    public object? Error { get; }

    /// <summary>Its output, or <see langword="null"/> where it gave none. It is read when it is first asked for.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagValueNotRestorable"/>: a stored output cannot be read.</exception>
    public object? Output => _output.Value;

    /// <inheritdoc/>
    public override string ToString() => Status;
}
