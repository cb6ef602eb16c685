namespace Lythonic.Dag.Sqlite;

/// <summary>How many elements a map has, to be written to its node run.</summary>
/// <param name="Count">How many.</param>
internal sealed record ElementsCounted(int Count);
