namespace Lythonic.Dag;

/// <summary>In what a node of two runs differs.</summary>
public enum DagChange
{
    /// <summary>In how it ended.</summary>
    Status,

    /// <summary>In its code, its constants or its edges.</summary>
    Code,

    /// <summary>In a part of what it was given.</summary>
    Input,

    /// <summary>In a part of what it gave.</summary>
    Output,

    /// <summary>In how many attempts it took.</summary>
    Attempt,

    /// <summary>In how long it took: by more than a factor of 1.5 and more than 100 ms.</summary>
    Duration,

    /// <summary>Only one of the runs has it.</summary>
    Only,
}
