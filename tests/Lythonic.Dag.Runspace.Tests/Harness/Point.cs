namespace Tests;

/// <summary>A record, for values of a declared type.</summary>
public sealed record Point(int X, string Name);
