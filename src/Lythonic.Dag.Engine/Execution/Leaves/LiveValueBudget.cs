namespace Lythonic.Dag.Execution;

/// <summary>
/// The live outputs that will be read again: those of the sinks of a run and of the elements of a map. They are kept while all of them
/// together are small. Beyond that, large ones are read from the store when they are needed.
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
