namespace Lythonic.Dag;

/// <summary>One of the things that the code of a node takes along, and that its output may depend on.</summary>
/// <param name="Name">What it is, so that "has changed" can follow: <c>function Get-Rate</c>.</param>
/// <param name="Value">Its value, which is compared by its stored form.</param>
public sealed record CodePart(string Name, object? Value)
{
    /// <summary>Why it cannot be compared, as the rest of a sentence that begins with "it"; or <see langword="null"/>.</summary>
    public string? Obstacle { get; init; }
}
