using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Values;

/// <summary>Tells the codec what PowerShell's own types are. Thread-safe.</summary>
internal sealed class PowerShellValueAdapter : IValueAdapter
{
    private const string BagTypeName = "System.Management.Automation.PSCustomObject";

    // Providers and remoting attach these to everything that they emit; they say where an object came from, not what it is.
    private static readonly HashSet<string> ProviderProperties = new(StringComparer.OrdinalIgnoreCase)
    {
        "PSPath", "PSParentPath", "PSChildName", "PSDrive", "PSProvider", "PSIsContainer", "ReadCount",
        "PSComputerName", "PSShowComputerName", "RunspaceId",
    };

    // Facts about a file on Unix, which the provider adds to every file.
    private const string FileMode = "UnixStat";

    // Which part of a date to show.
    private const string DateHint = "DisplayHint";

    // A part of the engine that the reference library lacks; on an engine without it there is nothing to restore.
    private static readonly Type? SemanticVersion = typeof(PSObject).Assembly.GetType("System.Management.Automation.SemanticVersion");

    /// <inheritdoc/>
    public IReadOnlyList<TextForm> TextForms { get; } =
    [
        .. SemanticVersion is null
            ? Array.Empty<TextForm>()
            : [new TextForm("semver", SemanticVersion, value => value.ToString()!, ParseSemanticVersion)],
        .. PowerShellTexts.All,
        .. ProviderItems.Forms,
    ];

    /// <inheritdoc/>
    public Type? OrderedTable { get; } = typeof(PSObject).Assembly.GetType("System.Management.Automation.OrderedHashtable");

    /// <inheritdoc/>
    public object WithAttached(object value) =>
        // PowerShell keeps what Add-Member adds to an object apart from it, and finds it again from the object alone.
        value is not PSObject && HasNotes(value) ? PSObject.AsPSObject(value) : value;

    /// <summary>
    /// Whether a script added notes to a value, which a provider or remoting did not. PowerShell boxes small numbers and booleans once for
    /// the whole process, so a note of one would be one of all: they count as having none.
    /// </summary>
    /// <param name="value">The value or its wrapper.</param>
    public static bool HasNotes(object value)
    {
        var content = value is PSObject wrapper ? wrapper.BaseObject : value;
        return !content.GetType().IsPrimitive && AttachedMembers.Of(value).Any(member => IsAdded(member, content));
    }

    /// <inheritdoc/>
    public HostValue Describe(object value) =>
        value switch
        {
            PSObject wrapper => DescribeWrapper(wrapper),
            PSCredential => new HostValue(HostValueKind.Secret, nameof(PSCredential)),
            NullString => new HostValue(HostValueKind.Wrapper),
            SwitchParameter given => new HostValue(HostValueKind.Wrapper, null, given.IsPresent),
            _ => default,
        };

    /// <inheritdoc/>
    public LiveTraits DescribeLive(object sample) => LiveObjects.Describe(sample);

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, object?>> ReadLive(object value, LiveTraits traits, bool isPart)
    {
        ArgumentNullException.ThrowIfNull(traits);
        return LiveObjects.Read(value, traits, isPart);
    }

    /// <inheritdoc/>
    public LivePart PartOf(object part) => LiveObjects.PartOf(part);

    /// <inheritdoc/>
    public IEnumerable? ItemsOf(IEnumerable collection) =>
        collection is ICollection stream && StreamedType(collection.GetType()) is { } type ? Copy(stream, type) : null;

    /// <inheritdoc/>
    public string? TextOf(object value) => LanguagePrimitives.ConvertTo<string>(PSObject.AsPSObject(value));

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
        if (snapshot.TypeName == typeof(System.Data.DataTable).FullName && content is not null)
            AddProperties(made, [new(LiveKinds.RowsOfTable, content)]);
        made.TypeNames.Clear();
        made.TypeNames.Add(DeserializedObject.Prefix + snapshot.TypeName);
        made.TypeNames.Add(DeserializedObject.Prefix + "System.Object");
        if (snapshot.IsTruncated)
            made.Properties.Add(new PSNoteProperty(DeserializedObject.TruncatedProperty, true));
        // A list is shown by its elements.
        if (snapshot.Items is null)
            SnapshotText.Give(made, snapshot.Text ?? snapshot.TypeName);
        return made;
    }

    /// <inheritdoc/>
    public Type? FindEnum(string fullName) => typeof(PSObject).Assembly.GetType(fullName, throwOnError: false);

    private static Type? StreamedType(Type? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(PSDataCollection<>))
                return type.GetGenericArguments()[0];
        }

        return null;
    }

    private static Array Copy(ICollection stream, Type element)
    {
        lock (stream.SyncRoot)
        {
            var items = Array.CreateInstance(element, stream.Count);
            stream.CopyTo(items, 0);
            return items;
        }
    }

    private static object ParseSemanticVersion(string text) => Activator.CreateInstance(SemanticVersion!, text)!;

    private static Hashtable ToHashtable(IReadOnlyList<KeyValuePair<object, object?>> entries)
    {
        // If keys differ only in case, none replaces another.
        var table = new Hashtable(DifferInCase(entries) ? null : StringComparer.OrdinalIgnoreCase);
        foreach (var entry in entries)
            table[entry.Key] = entry.Value;
        return table;
    }

    private static bool DifferInCase(IReadOnlyList<KeyValuePair<object, object?>> entries)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return entries.Any(entry => entry.Key is string key && !seen.Add(key));
    }

    private static void AddProperties(PSObject target, IReadOnlyList<KeyValuePair<string, object?>> properties)
    {
        foreach (var property in properties)
        {
            // Setting a property of the object itself could have side effects: a manipulated database could set IsReadOnly of a file.
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
        if (wrapper.BaseObject is string or ValueType && !HasNotes(wrapper))
            return new HostValue(HostValueKind.Wrapper, null, wrapper.BaseObject);
        if (DeserializedObject.TypeNameOf(wrapper) is { } original)
            return new HostValue(HostValueKind.Wrapper, null, DeserializedObject.ToSnapshot(wrapper, original));
        var content = wrapper.BaseObject;
        if (content is PSCustomObject)
            return new HostValue(HostValueKind.Properties, NameOf(wrapper), null, ReadBag(wrapper, out var isPartial), isPartial);
        if (Describe(content).Kind is HostValueKind.Secret)
            return Describe(content);
        var added = ReadAdded(wrapper, content);
        return added.Count == 0
            ? new HostValue(HostValueKind.Wrapper, null, content)
            : new HostValue(HostValueKind.Properties, null, content, added);
    }

    private static string? NameOf(PSObject bag) =>
        OwnTypeName.Of(bag) is { } name && name != BagTypeName && name != "System.Object" ? name : null;

    // On other objects the adapted properties belong to the type, and script properties would run code.
    private static List<KeyValuePair<string, object?>> ReadAdded(PSObject wrapper, object content) =>
    [
        .. AttachedMembers.Of(wrapper)
            .Where(member => IsAdded(member, content))
            .Select(member => new KeyValuePair<string, object?>(member.Name, member.Value)),
    ];

    // What Get-Date or a provider says of a value is no part of it.
    private static bool IsAdded(PSMemberInfo member, object content) =>
        member is PSNoteProperty && !ProviderProperties.Contains(member.Name) && content switch
        {
            DateTime => member.Name != DateHint,
            FileSystemInfo => member.Name != FileMode,
            _ => true,
        };

    private static bool IsOfType(PSPropertyInfo property) =>
        property.MemberType is PSMemberTypes.ScriptProperty or PSMemberTypes.CodeProperty
            or PSMemberTypes.AliasProperty or PSMemberTypes.NoteProperty;

    // What a types file adds to every bag of this name is added again to the bag that comes back.
    private static List<KeyValuePair<string, object?>> ReadBag(PSObject bag, out bool isPartial)
    {
        isPartial = false;
        var properties = new List<KeyValuePair<string, object?>>();
        IReadOnlyDictionary<string, object?>? computed = null;
        foreach (var property in bag.Properties.Where(property => property.IsGettable && (property.IsInstance || !IsOfType(property))))
        {
            if (property is PSScriptProperty)
            {
                computed ??= ComputedProperties.Of(bag);
                var isKnown = computed.TryGetValue(property.Name, out var value);
                if (isKnown)
                    properties.Add(new(property.Name, value));
                isPartial |= !isKnown || ComputedProperties.IsNothing(value);
                continue;
            }

            try
            {
                properties.Add(new(property.Name, property.Value));
            }
            catch (GetValueException)
            {
                isPartial = true;
            }
        }

        return properties;
    }
}
