using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Language;

namespace Lythonic.Dag.Values;

/// <summary>Tells the codec what PowerShell's own types are. Thread-safe.</summary>
public sealed class PowerShellValueAdapter : IValueAdapter
{
    private const string BagTypeName = "System.Management.Automation.PSCustomObject";

    // Providers and remoting attach these to everything that they emit; they say where an object came from, not what it is.
    private static readonly HashSet<string> ProviderProperties = new(StringComparer.OrdinalIgnoreCase)
    {
        "PSPath", "PSParentPath", "PSChildName", "PSDrive", "PSProvider", "PSIsContainer", "ReadCount",
        "PSComputerName", "PSShowComputerName", "RunspaceId",
    };

    // A part of the engine that the reference library lacks; on an engine without it there is nothing to restore.
    private static readonly Type? SemanticVersion = typeof(PSObject).Assembly.GetType("System.Management.Automation.SemanticVersion");

    /// <inheritdoc/>
    public IReadOnlyList<TextForm> TextForms { get; } =
        SemanticVersion is null
            ? []
            : [new TextForm("semver", SemanticVersion, value => value.ToString()!, ParseSemanticVersion)];

    /// <inheritdoc/>
    public object WithAttached(object value) =>
        // PowerShell keeps what Add-Member adds to an object apart from it, and finds it again from the object alone.
        value is PSObject or string or ValueType or Array ? value : PSObject.AsPSObject(value);

    /// <inheritdoc/>
    public HostValue Describe(object value) =>
        value switch
        {
            PSObject wrapper => DescribeWrapper(wrapper),
            PSCredential => new HostValue(HostValueKind.Secret, nameof(PSCredential)),
            NullString => new HostValue(HostValueKind.Wrapper),
            SwitchParameter given => new HostValue(HostValueKind.Wrapper, null, given.IsPresent),
            _ => HostedText.Describe(value),
        };

    /// <inheritdoc/>
    public object CreateObject(IReadOnlyList<KeyValuePair<string, object?>> properties, string? typeName, object? baseObject)
    {
        ArgumentNullException.ThrowIfNull(properties);
        var made = baseObject is null ? new PSObject() : PSObject.AsPSObject(baseObject);
        AddProperties(made, properties);
        if (typeName is not null)
            made.TypeNames.Insert(0, typeName);
        return made;
    }

    /// <inheritdoc/>
    public object CreateSnapshot(ValueSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        object? content = snapshot.Items is not null ? new ArrayList(snapshot.Items.ToArray())
            : snapshot.Entries is not null ? ToHashtable(snapshot.Entries)
            : null;
        var made = content is null ? new PSObject() : new PSObject(content);
        AddProperties(made, snapshot.Properties);
        made.TypeNames.Clear();
        made.TypeNames.Add(DeserializedObject.Prefix + snapshot.TypeName);
        made.TypeNames.Add(DeserializedObject.Prefix + "System.Object");
        if (snapshot.IsTruncated)
            made.Properties.Add(new PSNoteProperty(DeserializedObject.TruncatedProperty, true));
        if (snapshot.Text is { } text)
            SnapshotText.Give(made, text);
        return made;
    }

    /// <inheritdoc/>
    public Type? FindEnum(string fullName) => typeof(PSObject).Assembly.GetType(fullName, throwOnError: false);

    private static object ParseSemanticVersion(string text) => Activator.CreateInstance(SemanticVersion!, text)!;

    private static Hashtable ToHashtable(IReadOnlyList<KeyValuePair<object, object?>> entries)
    {
        var table = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in entries)
            table[entry.Key] = entry.Value;
        return table;
    }

    private static void AddProperties(PSObject target, IReadOnlyList<KeyValuePair<string, object?>> properties)
    {
        foreach (var property in properties)
        {
            // Setting a property of the object itself could act on the world: a file's IsReadOnly, from a doctored database.
            if (target.Properties[property.Key] is PSNoteProperty known)
                known.Value = property.Value;
            else
                target.Properties.Add(new PSNoteProperty(property.Key, property.Value));
        }
    }

    private HostValue DescribeWrapper(PSObject wrapper)
    {
        if (ReferenceEquals(wrapper, AutomationNull.Value))
            return new HostValue(HostValueKind.Wrapper);
        // A date's display hint or the path of a line is no part of the value, and looking for them costs more than the value.
        if (wrapper.BaseObject is string or ValueType)
            return new HostValue(HostValueKind.Wrapper, null, wrapper.BaseObject);
        if (DeserializedObject.TypeNameOf(wrapper) is { } original)
            return new HostValue(HostValueKind.Wrapper, null, DeserializedObject.ToSnapshot(wrapper, original));
        var content = wrapper.BaseObject;
        if (content is PSCustomObject)
            return new HostValue(HostValueKind.Properties, NameOf(wrapper), null, ReadProperties(wrapper, all: true));
        if (Describe(content).Kind is HostValueKind.Secret or HostValueKind.Text)
            return Describe(content);
        var added = ReadProperties(wrapper, all: false);
        return added.Count == 0
            ? new HostValue(HostValueKind.Wrapper, null, content)
            : new HostValue(HostValueKind.Properties, null, content, added);
    }

    private static string? NameOf(PSObject bag) =>
        bag.TypeNames is [var first, ..] && first != BagTypeName && first != "System.Object" ? first : null;

    private static List<KeyValuePair<string, object?>> ReadProperties(PSObject target, bool all)
    {
        var properties = new List<KeyValuePair<string, object?>>();
        foreach (var property in target.Properties)
        {
            // On other objects the adapted properties belong to the type, and script properties would run code.
            if (all ? !property.IsGettable : property.MemberType != PSMemberTypes.NoteProperty || ProviderProperties.Contains(property.Name))
                continue;
            try
            {
                properties.Add(new(property.Name, property.Value));
            }
            catch (GetValueException)
            {
                // A script property that fails, or needs a session that is not there, has no value to keep.
            }
        }

        return properties;
    }
}
