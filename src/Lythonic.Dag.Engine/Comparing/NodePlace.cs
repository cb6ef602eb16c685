namespace Lythonic.Dag.Comparing;

/// <summary>Where a node is in a run.</summary>
/// <param name="Name">Its name with the keys of the elements around it, such as <c>each[pear]/price</c>.</param>
/// <param name="Code">Its name without them, such as <c>each/price</c>: all elements run the same code.</param>
internal readonly record struct NodePlace(string Name, string Code)
{
    /// <summary>The run itself.</summary>
    public static NodePlace Root { get; } = new("", "");

    /// <summary>A node with this label there.</summary>
    public NodePlace Then(string label) => new(Name + label, Code + label);

    /// <summary>The sub-run of this node that has a key; the node itself if it has none.</summary>
    public NodePlace At(string? key) => key is null ? this : new($"{Name}[{key}]", Code);

    /// <summary>The inside of this sub-run.</summary>
    public NodePlace Inside() => new(Name + "/", Code + "/");
}
