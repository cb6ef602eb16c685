using System.Text.Json;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>Compares values by their stored form.</summary>
internal static class StoredComparison
{
    /// <summary>The options for a text that the codec wrote, which has no limit of depth.</summary>
    public static JsonDocumentOptions AnyDepth { get; } = new() { MaxDepth = int.MaxValue };

    /// <summary>Whether a stored text is that of a value, or of the value as it is after it was read back.</summary>
    /// <param name="stored">The stored text.</param>
    /// <param name="now">The stored form of the value.</param>
    /// <param name="codec">Reads and writes values.</param>
    public static bool AreSame(string stored, string now, IValueCodec codec) => stored == now || Again(stored, codec) == now;

    /// <summary>The stored form of the value that is read back from a stored text; <see langword="null"/> if it cannot be read.</summary>
    /// <param name="stored">The stored text.</param>
    /// <param name="codec">Reads and writes values.</param>
    public static string? Again(string stored, IValueCodec codec)
    {
        try
        {
            return codec.Encode(codec.Decode(stored)).Json;
        }
        catch (Exception error) when (error is DagException or ValueNotStorableException)
        {
            return null;
        }
    }
}
