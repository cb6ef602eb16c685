namespace Lythonic.Dag.Execution;

/// <summary>
/// Outputs that somebody will want live: the sinks' of a run, the elements' of a map. They are kept as long as all of them together are
/// small; what is large beyond that is read from the store when it is asked for.
/// </summary>
internal sealed class LiveValueBudget
{
    private const int MostChars = 16_000_000;

    private int _chars;

    /// <summary>Keeps an output, or lets its value go.</summary>
    public void Keep(NodeOutput output)
    {
        if (output.Encoded is not { } encoded)
            return;
        if (encoded.Length > MostChars - _chars)
            output.DropValueIfFaithful();
        else
            _chars += encoded.Length;
    }
}
