using Lythonic.Dag.Values;

namespace Lythonic.Dag.Comparing;

/// <summary>How members with names or keys are written in a stored value.</summary>
/// <param name="End">The character after the last member.</param>
/// <param name="ReadName">
/// Reads what comes before the next member's value, and returns its name or the text of its key; <see langword="null"/> at the end.
/// </param>
/// <param name="EndMember">Reads what comes after a member's value.</param>
/// <param name="Step">The member's place, as the last part of a path.</param>
internal sealed record MemberForm(
    byte End, Func<StoredTextCursor, string?> ReadName, Action<StoredTextCursor> EndMember, Func<string, string> Step)
{
    private const int ShownKey = 80;

    /// <summary><c>{"name":value,…}</c>.</summary>
    public static MemberForm OfObject { get; } = new(
        (byte)'}',
        cursor => cursor.HasNext((byte)'}') ? cursor.ReadName() : null,
        _ => { },
        name => IsIdentifier(name) ? "." + name : $"['{name.Replace("'", "''", StringComparison.Ordinal)}']");

    /// <summary><c>[[key,value],…]</c>.</summary>
    public static MemberForm OfEntries { get; } = new(
        (byte)']',
        cursor => cursor.HasNext((byte)']') ? ReadKey(cursor) : null,
        cursor => cursor.TryTake((byte)']'),
        key => $"[{TextCut.After(key, ShownKey)}]");

    private static string ReadKey(StoredTextCursor cursor)
    {
        cursor.TryTake((byte)'[');
        var key = cursor.ReadValue().Identity();
        cursor.TryTake((byte)',');
        return key;
    }

    private static bool IsIdentifier(string name) =>
        name.Length > 0 && !char.IsDigit(name[0]) && name.All(letter => char.IsLetterOrDigit(letter) || letter == '_');
}
