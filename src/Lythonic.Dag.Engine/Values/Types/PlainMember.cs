namespace Lythonic.Dag.Values;

/// <summary>One property or field of a plain object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Read">Reads it.</param>
/// <param name="Set">Sets it, or <see langword="null"/> if the constructor alone does.</param>
internal sealed record PlainMember(string Name, Type Type, Func<object, object?> Read, Action<object, object?>? Set)
{
    /// <summary>Whether it is a collection that the object makes for itself, and that is filled if possible.</summary>
    public bool IsFilled => Set is null && CollectionFill.Concerns(Type);
}
