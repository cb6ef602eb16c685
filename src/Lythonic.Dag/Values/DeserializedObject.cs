using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Values;

/// <summary>The object that stands for a live object after it came back from the store, as in PowerShell's remoting.</summary>
internal static class DeserializedObject
{
    public const string Prefix = "Deserialized.";
    public const string TruncatedProperty = "PSDagTruncated";

    /// <summary>The type that the live object had; <see langword="null"/> if the object does not stand for another.</summary>
    public static string? TypeNameOf(PSObject wrapper) =>
        MayStandForAnother(wrapper)
            && OwnTypeName.Of(wrapper) is { } name && name.StartsWith(Prefix, StringComparison.Ordinal)
                ? name[Prefix.Length..]
                : null;

    // A wrapper that is asked for its type names keeps a list of its own for as long as its value lives, and PowerShell is slower from then
    // on with all values of that type. So plain values are not asked. An enum comes back as its number, with the text that it had.
    private static bool MayStandForAnother(PSObject wrapper) => wrapper.BaseObject switch
    {
        string or bool or char or double or float or decimal or DateTime or DateTimeOffset or TimeSpan or Guid or Uri or Version => false,
        sbyte or byte or short or ushort or int or uint or long or ulong =>
            wrapper.ToString() != ((IFormattable)wrapper.BaseObject).ToString(null, CultureInfo.InvariantCulture),
        _ => true,
    };

    /// <summary>The snapshot from which the object was made.</summary>
    public static ValueSnapshot ToSnapshot(PSObject wrapper, string typeName)
    {
        var content = wrapper.BaseObject;
        var truncated = wrapper.Properties[TruncatedProperty] is not null;
        return new ValueSnapshot(typeName, [.. wrapper.Properties
            .Where(property => property.MemberType == PSMemberTypes.NoteProperty && property.Name != TruncatedProperty)
            .Select(property => new KeyValuePair<string, object?>(property.Name, property.Value))])
        {
            Items = content is ArrayList items ? [.. items] : null,
            Entries = content is Hashtable table
                ? [.. table.Cast<DictionaryEntry>().Select(entry => new KeyValuePair<object, object?>(entry.Key, entry.Value))]
                : null,
            Text = SnapshotText.Find(wrapper) is { } text && text != typeName ? text : null,
            IsTruncated = truncated,
        };
    }
}
