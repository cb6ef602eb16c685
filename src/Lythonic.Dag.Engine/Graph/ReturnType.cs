namespace Lythonic.Dag;

/// <summary>What a method gives in the end that is declared to return a task or an asynchronous sequence.</summary>
internal static class ReturnType
{
    /// <summary>The type of the result of a task, an array of the items of an asynchronous sequence; any other type as it is.</summary>
    /// <param name="type">What the method is declared to return.</param>
    /// <returns>The type; <see cref="void"/> for a task without a result.</returns>
    public static Type ResultOf(Type type) =>
        type == typeof(Task) || type == typeof(ValueTask) ? typeof(void) : ItemOf(type)?.MakeArrayType() ?? Awaited(type);

    /// <summary>The type of the items of an asynchronous sequence, or of one that a task gives; otherwise <see langword="null"/>.</summary>
    /// <param name="type">What the method is declared to return.</param>
    public static Type? ItemOf(Type type) => ArgumentOf(Awaited(type), typeof(IAsyncEnumerable<>));

    private static Type Awaited(Type type) => ArgumentOf(type, typeof(Task<>)) ?? ArgumentOf(type, typeof(ValueTask<>)) ?? type;

    private static Type? ArgumentOf(Type type, Type definition) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == definition ? type.GetGenericArguments()[0] : null;
}
