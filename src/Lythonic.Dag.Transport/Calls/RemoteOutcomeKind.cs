namespace Lythonic.Dag.Transport;

/// <summary>How a call on a host ended.</summary>
public enum RemoteOutcomeKind
{
    /// <summary>It completed, with an output.</summary>
    Completed,

    /// <summary>It failed, with an error of the code.</summary>
    Failed,

    /// <summary>It asked its run to pause.</summary>
    Paused,

    /// <summary>The host was lost, or had been before.</summary>
    Unreachable,

    /// <summary>It was stopped.</summary>
    Stopped,

    /// <summary>The code ended its runspace, as <c>exit</c> or a labelled <c>break</c> does.</summary>
    Ended,
}
