namespace Lythonic.Dag.Remote;

/// <summary>
/// The positions of the parts of a call in the list that is sent. A list is written and read in half the time of a table with names. After
/// these parts come the names and texts of the arguments, and then those of <c>$using:</c> values.
/// </summary>
internal static class CallPart
{
    /// <summary>A table of what the far end does not have yet; <see langword="null"/> if it has everything.</summary>
    public const int Brought = 0;

    /// <summary>The key of the head, which has what all calls of a node have in common.</summary>
    public const int Key = 1;

    /// <summary>The path of the run.</summary>
    public const int Path = 2;

    /// <summary>The id of the run.</summary>
    public const int RunId = 3;

    /// <summary>The number of the attempt.</summary>
    public const int Attempt = 4;

    /// <summary>The span of the attempt, or <see langword="null"/>.</summary>
    public const int TraceParent = 5;

    /// <summary>How the upstreams of a closing node ended, or <see langword="null"/>.</summary>
    public const int Upstreams = 6;

    /// <summary>The value.</summary>
    public const int Value = 7;

    /// <summary>How many arguments there are.</summary>
    public const int Count = 8;

    /// <summary>Where the first argument stands.</summary>
    public const int First = 9;
}
