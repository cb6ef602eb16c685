using System.Management.Automation;

namespace Lythonic.Dag.Transport;

/// <summary>How a call on a host ended, and with what.</summary>
/// <param name="Kind">How it ended.</param>
public sealed record RemoteResult(RemoteOutcomeKind Kind)
{
    /// <summary>The output, where it completed.</summary>
    public object? Value { get; init; }

    /// <summary>
    /// The output in the form in which it is stored; <see langword="null"/> where it has secrets, or did not come in that form.
    /// </summary>
    public string? Json { get; init; }

    /// <summary>How long its code took over there, without the way; <see langword="null"/> where that is not known.</summary>
    public TimeSpan? CodeTime { get; init; }

    /// <summary>The error, where it failed.</summary>
    public RemoteError? Error { get; init; }

    /// <summary>What the code said when it paused, or <see langword="null"/>.</summary>
    public string? PauseReason { get; init; }

    /// <summary>Why the host is unreachable, where it is.</summary>
    public HostLoss? Loss { get; init; }

    /// <summary>Whether the far end took the call: what came along with it is there.</summary>
    internal bool IsAnswered { get; init; }

    /// <summary>Whether the next call begins that was sent with it, where there is one.</summary>
    internal bool IsFollowed { get; init; }

    /// <summary>Whether the code may still run there: it did not stop in time, and its connection was given up.</summary>
    public bool IsAbandoned { get; init; }
}
