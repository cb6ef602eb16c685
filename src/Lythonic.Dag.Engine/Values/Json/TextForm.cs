namespace Lythonic.Dag.Values;

/// <summary>A type that is stored as one text.</summary>
/// <param name="Name">The tag, in lower case.</param>
/// <param name="Type">The exact type.</param>
/// <param name="Format">Writes a value of the type.</param>
/// <param name="Parse">Reads it back; may throw.</param>
internal sealed record TextForm(string Name, Type Type, Func<object, string> Format, Func<string, object> Parse)
{
    /// <summary>
    /// Whether an object of the type may have no text, or one of which nothing can be made. It is tried before it is stored.
    /// </summary>
    public bool IsTried { get; init; }
}
