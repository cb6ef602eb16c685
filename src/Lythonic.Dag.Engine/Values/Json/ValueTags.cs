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

    /// <summary>How deep containers nest in a stored value.</summary>
    public const int MaximumDepth = 64;

    /// <summary>How deep live objects nest in each other.</summary>
    public const int MaximumSnapshotDepth = 16;

    /// <summary>How many properties of live objects one value stores: graphs of live objects are wide as well as deep.</summary>
    public const int MaximumSnapshotProperties = 10_000;
}
