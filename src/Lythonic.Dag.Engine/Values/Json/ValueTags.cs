namespace Lythonic.Dag.Values;

/// <summary>The names that the stored form uses beside those of types.</summary>
internal static class ValueTags
{
    public const string Type = "$type";
    public const string Value = "value";
    public const string Of = "of";
    public const string Entries = "entries";
    public const string Items = "items";
    public const string Text = "text";
    public const string Base = "base";
    public const string CaseSensitive = "caseSensitive";
    public const string IgnoreCase = "ignoreCase";
    public const string Ordinal = "ordinal";
    public const string Size = "size";

    public const string Object = "object";
    public const string Enum = "enum";
    public const string Snapshot = "snapshot";
    public const string Truncated = "truncated";
    public const string Secret = "secret";

    /// <summary>How deep containers nest in a stored value: more than a machine's own stack would bear.</summary>
    public const int MaximumDepth = 10_000;

    /// <summary>
    /// How deep JSON nests in a stored value: a container takes at most three levels, and some forms two more for what is inside.
    /// </summary>
    public const int MaximumJsonDepth = (3 * MaximumDepth) + 64;

    /// <summary>How deep live objects nest in each other.</summary>
    public const int MaximumSnapshotDepth = 16;

    /// <summary>How deep the platform's own live objects nest in each other; below, they are stored as their text.</summary>
    public const int MaximumPartDepth = 4;

    /// <summary>
    /// How many properties one live object stores, with those of its parts: graphs of live objects are wide as well as deep.
    /// </summary>
    public const int MaximumSnapshotProperties = 10_000;
}
