namespace Lythonic.Dag.Values;

/// <summary>How much is stored of a live object that is part of another live object.</summary>
public enum LivePart
{
    /// <summary>All, as of one that stands by itself.</summary>
    Whole,

    /// <summary>Its text, and those of its properties that are plain values.</summary>
    Plain,

    /// <summary>Its text.</summary>
    Text,
}
