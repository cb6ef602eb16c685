using System.Management.Automation;

namespace Lythonic.Dag.Transport;

/// <summary>How a call on a host ended, and with what.</summary>
/// <param name="Kind">How it ended.</param>
public sealed record RemoteResult(RemoteOutcomeKind Kind)
{
    /// <summary>The output, if it completed.</summary>
    public object? Value { get; init; }

    /// <summary>
    /// The output in its stored form; <see langword="null"/> if it has secrets or did not come in that form.
    /// </summary>
    public string? Json { get; init; }

    /// <summary>How long its code took on the host, without the transport; <see langword="null"/> if that is not known.</summary>
    public TimeSpan? CodeTime { get; init; }

    /// <summary>The error, if it failed.</summary>
    public RemoteError? Error { get; init; }

    /// <summary>The reason that the code gave when it paused, or <see langword="null"/>.</summary>
    public string? PauseReason { get; init; }

    /// <summary>Why the host is unreachable, if it is.</summary>
    public HostLoss? Loss { get; init; }

    /// <summary>Whether the far end took the call, so that it has what came along with it.</summary>
    internal bool IsAnswered { get; init; }

    /// <summary>Whether the next call that was sent with it, if there is one, begins.</summary>
    internal bool IsFollowed { get; init; }

    /// <summary>Whether the code may still run there: it did not stop in time, and its connection was given up.</summary>
    public bool IsAbandoned { get; init; }
}
