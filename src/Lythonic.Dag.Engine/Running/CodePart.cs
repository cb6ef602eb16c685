namespace Lythonic.Dag;

/// <summary>Something outside of a node's inputs that its output may depend on, such as its own text, a function or a variable.</summary>
/// <param name="Name">A phrase that "has changed" can follow, such as <c>function Get-Rate</c>.</param>
/// <param name="Value">Its value. Values are compared by their stored form.</param>
public sealed record CodePart(string Name, object? Value)
{
    /// <summary>
    /// Why the value cannot be compared, as the rest of a sentence that begins with "it"; <see langword="null"/> if it can be.
    /// </summary>
    public string? Obstacle { get; init; }
}
