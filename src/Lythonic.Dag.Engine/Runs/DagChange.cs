namespace Lythonic.Dag;

/// <summary>What differs between a node in two runs.</summary>
public enum DagChange
{
    /// <summary>How the node ended.</summary>
    Status,

    /// <summary>Its code, its constants or its edges.</summary>
    Code,

    /// <summary>A part of its input.</summary>
    Input,

    /// <summary>A part of its output.</summary>
    Output,

    /// <summary>The number of its attempts.</summary>
    Attempt,

    /// <summary>Its duration, by more than a factor of 1.5 and more than 100 ms.</summary>
    Duration,

    /// <summary>Only one of the runs has the node.</summary>
    Only,

    /// <summary>Its error: why it failed, or the first error of a node that completed with errors.</summary>
    Error,

    /// <summary>Only one of the runs overrode its code (<c>-Override</c>).</summary>
    Override,
}
