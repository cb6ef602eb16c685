namespace Lythonic.Dag.Terminal;

/// <summary>A drawn screen.</summary>
/// <param name="Lines">Its lines, from the top.</param>
/// <param name="Offset">How many rows are scrolled away above.</param>
internal sealed record Frame(IReadOnlyList<Line> Lines, int Offset = 0)
{
    /// <summary>The screen as text.</summary>
    public override string ToString() => string.Join('\n', Lines);
}
