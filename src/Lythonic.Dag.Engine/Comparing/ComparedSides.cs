namespace Lythonic.Dag.Comparing;

/// <summary>Which of two runs have a node, or a part of a value.</summary>
internal enum ComparedSides
{
    /// <summary>Both runs.</summary>
    Both,

    /// <summary>Only the first run.</summary>
    Reference,

    /// <summary>Only the second run.</summary>
    Difference,
}
