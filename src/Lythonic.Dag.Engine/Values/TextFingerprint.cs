namespace Lythonic.Dag.Values;

/// <summary>What tells two JSON texts of this process apart once a store has let the first go.</summary>
/// <param name="Length">The length.</param>
/// <param name="Hash">A hash of the text, which is another one in each process.</param>
internal readonly record struct TextFingerprint(int Length, long Hash)
{
    /// <summary>The print of a text.</summary>
    public static TextFingerprint Compute(ReadOnlySpan<char> text)
    {
        var half = text.Length / 2;
        return new(text.Length, ((long)string.GetHashCode(text[..half]) << 32) | (uint)string.GetHashCode(text[half..]));
    }
}
