namespace Lythonic.Dag.Comparing;

/// <summary>What becomes of the next elements of two lists that are compared.</summary>
internal enum ListStep
{
    /// <summary>The next element of both: it is the same, or it changed.</summary>
    Both,

    /// <summary>The next element of the first list, which the second does not have.</summary>
    First,

    /// <summary>The next element of the second list, which the first does not have.</summary>
    Second,
}
