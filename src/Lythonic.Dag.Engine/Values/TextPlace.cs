namespace Lythonic.Dag.Values;

/// <summary>Where a text is in <see cref="TextPages"/>.</summary>
/// <param name="Page">The page.</param>
/// <param name="Start">Where it starts on that.</param>
/// <param name="Length">How many bytes it has; 0 for no text.</param>
internal readonly record struct TextPlace(int Page, int Start, int Length);
