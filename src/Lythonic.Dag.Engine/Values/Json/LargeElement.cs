namespace Lythonic.Dag.Values;

/// <summary>A large element of a list, by its place in the list's text.</summary>
/// <param name="Ordinal">Its position in the list.</param>
/// <param name="Start">Where its text begins.</param>
/// <param name="End">Where its text ends.</param>
internal readonly record struct LargeElement(int Ordinal, int Start, int End);
