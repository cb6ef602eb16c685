namespace Lythonic.Dag;

/// <summary>A parameter of a node's code that wiring can fill.</summary>
/// <param name="Name">The name; compares without case.</param>
/// <param name="Type">The declared type, or <see langword="null"/> if none is declared (<see cref="object"/> counts as none).</param>
/// <param name="IsMandatory">Whether a run is refused if nothing fills it.</param>
/// <param name="HasDefault">
/// Whether it has a value of its own if nothing fills it. Such a parameter takes by type only an output that no other parameter takes.
/// </param>
public sealed record NodeParameter(string Name, Type? Type, bool IsMandatory, bool HasDefault = false)
{
    /// <summary>Its aliases.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Whether code of the user converts what it gets, so that it may take values that have no conversion to its type.</summary>
    internal bool HasOwnConversion { get; init; }

    /// <summary>Whether it has this name or alias. Names compare without case.</summary>
    /// <param name="name">A name, or an alias.</param>
    public bool GoesBy(string name) =>
        Name.Equals(name, StringComparison.OrdinalIgnoreCase) || Aliases.Contains(name, StringComparer.OrdinalIgnoreCase);
}
