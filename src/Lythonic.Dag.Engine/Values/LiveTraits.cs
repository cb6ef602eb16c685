namespace Lythonic.Dag.Values;

/// <summary>What a host knows of the live objects of one type.</summary>
/// <param name="IsAdapted">Whether the host says itself which properties they have: those of a table's row are its columns.</param>
/// <param name="Only">The names of the .NET properties that are stored; <see langword="null"/> for all.</param>
/// <param name="Added">The names of the properties that the host adds to each of them.</param>
internal sealed record LiveTraits(bool IsAdapted, IReadOnlySet<string>? Only, IReadOnlyList<string> Added)
{
    /// <summary>The traits of a type of which a host knows nothing.</summary>
    public static LiveTraits None { get; } = new(false, null, []);
}
