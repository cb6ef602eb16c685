namespace Lythonic.Dag.Values;

/// <summary>What a value is to the host language.</summary>
/// <param name="Kind">The kind of value.</param>
/// <param name="TypeName">The name of the bag, or of the secret; <see langword="null"/> for a bag without a name.</param>
/// <param name="Inner">The value inside a wrapper, or the object to which properties were added.</param>
/// <param name="Properties">The properties in order, for <see cref="HostValueKind.Properties"/>.</param>
/// <param name="IsPartial">Whether a property is missing that the host could read on another thread.</param>
internal readonly record struct HostValue(
    HostValueKind Kind,
    string? TypeName = null,
    object? Inner = null,
    IReadOnlyList<KeyValuePair<string, object?>>? Properties = null,
    bool IsPartial = false);
