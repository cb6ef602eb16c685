namespace Lythonic.Dag;

/// <summary>What is said of a map as a whole in the error of its first element that failed.</summary>
/// <param name="Map">The path of the map node, such as <c>each</c> or, inside a call node, <c>load/each</c>.</param>
/// <param name="Text">How many elements failed, such as <c>3 of 20 elements failed</c>, or in which batch the only one did.</param>
/// <param name="Others">The errors of the others, a line for each of the first few; empty if no other element failed.</param>
internal sealed record FailedCount(string Map, string Text, string Others)
{
    /// <summary>As it follows the error of the first element.</summary>
    public override string ToString() => Others.Length == 0 ? $"; {Text}" : $"; {Text}\n{Others}";
}
