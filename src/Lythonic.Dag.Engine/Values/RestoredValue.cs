namespace Lythonic.Dag.Values;

/// <summary>A value that was read back.</summary>
/// <param name="Value">The value.</param>
/// <param name="Facts">What of it is not as it was.</param>
public readonly record struct RestoredValue(object? Value, ValueFacts Facts);
