namespace Lythonic.Dag.Values;

/// <summary>The kinds of collection on the fixed list.</summary>
internal enum CollectionKind
{
    Array,
    List,
    Collection,
    Set,
    Queue,
    Stack,
    Dictionary,
    Pair,
    Tuple,
    ValueTuple,
    ArrayList,
    Hashtable,
    Ordered,
    HostTable,
    LinkedList,
    SortedSet,
    SortedDictionary,
    SortedList,
    SortedTable,
    Grid,
    OrderedDictionary,
}

/// <summary>How a collection type is stored.</summary>
/// <param name="Kind">The kind of collection.</param>
/// <param name="Name">The tag.</param>
/// <param name="Type">The type that the tag creates.</param>
/// <param name="Arguments">Element, or key and value, or item types.</param>
/// <param name="OriginalTypeName">The full name of the type, if a type argument is not on the list and <c>object</c> stands for
/// it.</param>
internal sealed record CollectionForm(CollectionKind Kind, string Name, Type Type, Type[] Arguments, string? OriginalTypeName)
{
    /// <summary>Whether its content is a JSON array that needs no tag if the type is known.</summary>
    public bool IsArrayBody => !IsKeyed && Kind is not (CollectionKind.Set or CollectionKind.SortedSet or CollectionKind.Grid);

    /// <summary>Whether it has keys.</summary>
    public bool IsKeyed => IsTable || Kind is CollectionKind.Dictionary or CollectionKind.OrderedDictionary
        or CollectionKind.SortedDictionary or CollectionKind.SortedList;

    /// <summary>Whether it has keys of any type.</summary>
    public bool IsTable =>
        Kind is CollectionKind.Hashtable or CollectionKind.Ordered or CollectionKind.SortedTable or CollectionKind.HostTable;
}
