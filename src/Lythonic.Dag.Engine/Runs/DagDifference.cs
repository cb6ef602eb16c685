using Lythonic.Dag.Comparing;
using Lythonic.Dag.Values;

namespace Lythonic.Dag;

/// <summary>One difference between two runs, as <c>Compare-DagRun</c> writes it.</summary>
public sealed class DagDifference
{
    internal DagDifference(NodePlace place, DagChange? change, string? path, object? reference, object? difference)
    {
        Place = place;
        Change = change;
        Path = path;
        Reference = reference;
        Difference = difference;
    }

    /// <summary>
    /// The node, such as <c>load</c>, or <c>each[pear]/price</c> inside a sub-run; of a sub-run itself <c>each[pear]</c>.
    /// </summary>
    public string Node => Place.Name;

    /// <summary>What differs; <see langword="null"/> if the node is the same in both runs.</summary>
    public DagChange? Change { get; }

    /// <summary>
    /// The place inside the value, from <c>$</c>, such as <c>$.rows[3].price</c>; <see langword="null"/> if no value differs.
    /// </summary>
    public string? Path { get; }

    /// <summary>
    /// The value of the first run, a long one as a text that is cut; <see langword="null"/> if it has none.
    /// </summary>
    public object? Reference { get; }

    /// <summary>
    /// The value of the second run, a long one as a text that is cut; <see langword="null"/> if it has none.
    /// </summary>
    public object? Difference { get; }

    /// <summary>
    /// <c>&lt;=</c> if only the first run has the node or this part of the value, <c>=&gt;</c> if only the second has it,
    /// <c>&lt;&gt;</c> for a difference, <c>==</c> for none.
    /// </summary>
    public string SideIndicator => Change is null ? "==" : Sides switch
    {
        ComparedSides.Reference => "<=",
        ComparedSides.Difference => "=>",
        _ => "<>",
    };

    /// <summary>Where the node is in the runs.</summary>
    internal NodePlace Place { get; }

    /// <summary>Which of the runs have what is compared. A value of <see langword="null"/> is there too.</summary>
    internal ComparedSides Sides { get; init; } = ComparedSides.Both;

    /// <summary>The runs that are compared.</summary>
    internal ComparedRuns? Runs { get; private init; }

    internal DagDifference With(ComparedRuns runs) => new(Place, Change, Path, Reference, Difference) { Sides = Sides, Runs = runs };

    /// <summary>A duration for people; in full, if it differs from the other one in less than people are shown.</summary>
    internal string Said(TimeSpan duration)
    {
        var isSame = Reference is TimeSpan one && Difference is TimeSpan other && DurationText.Render(one) == DurationText.Render(other);
        return isSame || duration < TimeSpan.Zero ? $"{duration}" : DurationText.Render(duration);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Change is null)
            return $"{Node} ==";
        var isToldByType = Reference?.GetType() != Difference?.GetType() && $"{Reference}" == $"{Difference}";
        string Side(object? value) => value is TimeSpan duration ? Said(duration)
            : isToldByType && value is not null ? $"{value} ({value.GetType().Name})"
            : $"{value}";
        return $"{Node} {Change} {Path}{(Path is null ? "" : ": ")}{Side(Reference)} → {Side(Difference)}";
    }
}
