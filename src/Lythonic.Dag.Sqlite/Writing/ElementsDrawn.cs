namespace Lythonic.Dag.Sqlite;

/// <summary>The order in which a map draws its elements, to be written beside its node run.</summary>
/// <param name="Ids">A JSON array of their identities.</param>
internal sealed record ElementsDrawn(string Ids);
