namespace Lythonic.Dag.Values;

/// <summary>What the codec knows of a value that it wrote or read, so that the text need not be searched for it.</summary>
/// <param name="HasSnapshot">Whether it contains a live object of which only a snapshot is stored.</param>
/// <param name="Secret">The type of the first secret in it, which is not stored; <see langword="null"/> for none. What a snapshot says of
/// its object's properties does not count.</param>
/// <param name="Cuts">How many live objects in it were not stored, because they lie on a cycle or too deep.</param>
/// <param name="FirstCut">Where the first of them is, such as <c>$.parts[2].Owner</c>; <see langword="null"/> if there is none, or where
/// it was not written but read.</param>
public sealed record ValueFacts(bool HasSnapshot, string? Secret, int Cuts, string? FirstCut)
{
    /// <summary>The facts of a value that comes back as it was.</summary>
    public static ValueFacts None { get; } = new(false, null, 0, null);

    /// <summary>Whether a property is missing that the host could have read on another thread.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Whether the text brings the value back as it was.</summary>
    public bool IsFaithful => !HasSnapshot && Secret is null && Cuts == 0;

    /// <summary>The facts of a value that has both parts.</summary>
    /// <param name="other">The facts of the other part.</param>
    public ValueFacts With(ValueFacts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ReferenceEquals(other, None) ? this
            : ReferenceEquals(this, None) ? other
            : new(HasSnapshot || other.HasSnapshot, Secret ?? other.Secret, Cuts + other.Cuts, FirstCut ?? other.FirstCut)
            {
                IsPartial = IsPartial || other.IsPartial,
            };
    }
}
