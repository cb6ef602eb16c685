namespace Lythonic.Dag.Values;

/// <summary>
/// The key of a record in a store. Only the store that made the key knows its meaning; everybody else keeps it and compares it. A run that
/// was created later has a greater key.
/// </summary>
/// <param name="Value">The value, which only the store understands.</param>
public readonly record struct StoreKey(long Value) : IComparable<StoreKey>
{
    /// <inheritdoc/>
    public int CompareTo(StoreKey other) => Value.CompareTo(other.Value);

    /// <summary>Whether one was made before another.</summary>
    public static bool operator <(StoreKey one, StoreKey other) => one.Value < other.Value;

    /// <summary>Whether one was made after another.</summary>
    public static bool operator >(StoreKey one, StoreKey other) => one.Value > other.Value;

    /// <summary>Whether one was made before another, or is the same.</summary>
    public static bool operator <=(StoreKey one, StoreKey other) => one.Value <= other.Value;

    /// <summary>Whether one was made after another, or is the same.</summary>
    public static bool operator >=(StoreKey one, StoreKey other) => one.Value >= other.Value;
}
