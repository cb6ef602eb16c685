namespace Lythonic.Dag.Values;

/// <summary>How much is stored of a live object that is part of another live object.</summary>
internal enum LivePart
{
    /// <summary>Everything, as of a live object that is not part of another.</summary>
    Whole,

    /// <summary>Its text, and those of its properties that are plain values.</summary>
    Plain,

    /// <summary>Its text.</summary>
    Text,
}
