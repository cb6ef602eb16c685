namespace Lythonic.Dag.Values;

/// <summary>One property or field of a plain object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Read">Reads it.</param>
/// <param name="Set">Sets it, or <see langword="null"/> where the constructor alone does.</param>
internal sealed record PlainMember(string Name, Type Type, Func<object, object?> Read, Action<object, object?>? Set);
