using Lythonic.Dag.Values;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The values that a script takes along. A lazy sequence can be read once and every element of a map reads it: it is read when it is taken,
/// once for a script.
/// </summary>
internal sealed class TakenValues
{
    private readonly Dictionary<object, object?> _read = new(ReferenceEqualityComparer.Instance);

    /// <summary>The value, or the items of a lazy sequence.</summary>
    public object? Of(object? value)
    {
        if (PSWrapper.Unwrap(value) is not { } bare)
            return value;
        if (_read.TryGetValue(bare, out var known))
            return known;
        var whole = Read(bare);
        if (ReferenceEquals(whole, bare))
            return value;
        return _read[bare] = whole;
    }

    // What cannot be read fails the code that reads it, which has a position and can be tried again.
    private static object? Read(object bare)
    {
        try
        {
            return LazySequence.Read(bare, null);
        }
        catch (Exception)
        {
            return bare;
        }
    }
}
