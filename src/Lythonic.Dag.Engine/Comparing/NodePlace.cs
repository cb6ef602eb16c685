namespace Lythonic.Dag.Comparing;

/// <summary>Where a node is in a run.</summary>
/// <param name="Name">Its name with the keys of the elements around it, such as <c>each[pear]/price</c>.</param>
/// <param name="Code">Its name without them, such as <c>each/price</c>: all elements run the same code.</param>
/// <param name="Outermost">The label of the run's own node that it is, or is inside of.</param>
/// <param name="Element">
/// The innermost element that it is, or is inside of, such as <c>each[pear]</c>; <see langword="null"/> for none.
/// </param>
internal readonly record struct NodePlace(string Name, string Code, string Outermost, string? Element)
{
    /// <summary>The run itself.</summary>
    public static NodePlace Root { get; } = new("", "", "", null);

    /// <summary>A node with this label there.</summary>
    public NodePlace Then(string label) => this with
    {
        Name = Name + label,
        Code = Code + label,
        Outermost = this == Root ? label : Outermost,
    };

    /// <summary>The sub-run of this node that has a key; the node itself if it has none.</summary>
    public NodePlace At(string? key) => key is null ? this : this with { Name = $"{Name}[{key}]", Element = $"{Name}[{key}]" };

    /// <summary>The inside of this sub-run.</summary>
    public NodePlace Inside() => this with { Name = Name + "/", Code = Code + "/" };

    /// <summary>This node for all elements together.</summary>
    public NodePlace OfAllElements() => this with { Name = Code, Element = null };
}
