using Lythonic.Dag.Execution;

namespace Lythonic.Dag.Wiring;

/// <summary>
/// What fills one parameter: an upstream's output, several outputs that are collected into a list, or a value that is known beforehand.
/// </summary>
internal sealed class InputBinding
{
    private InputBinding(NodeParameter parameter, int[] upstreams, bool isFanIn, object? value)
    {
        Parameter = parameter;
        Upstreams = upstreams;
        IsFanIn = isFanIn;
        Value = value;
    }

    public NodeParameter Parameter { get; }

    /// <summary>Positions of the upstreams, in edge order; none if the value is known beforehand.</summary>
    public int[] Upstreams { get; }

    /// <summary>Whether the outputs are collected into a list, even if there is only one.</summary>
    public bool IsFanIn { get; }

    /// <summary>The value, if it is known beforehand.</summary>
    public object? Value { get; }

    /// <summary>
    /// If the value comes from a stored run, what part of it was not stored, as the rest of a sentence; otherwise <see langword="null"/>.
    /// </summary>
    public string? Lost { get; private init; }

    /// <summary>The value as it was last recorded, once it has been recorded.</summary>
    public RecordedForm? Form { get; set; }

    public static InputBinding OfUpstream(NodeParameter parameter, int upstream) => new(parameter, [upstream], false, null);

    public static InputBinding OfFanIn(NodeParameter parameter, IEnumerable<int> upstreams) => new(parameter, [.. upstreams], true, null);

    public static InputBinding OfValue(NodeParameter parameter, object? value, string? lost = null) =>
        new(parameter, [], false, value) { Lost = lost };
}
